// Comforts on top of pages that work without them: nothing here is needed to read, send or sign.
(() => {
  "use strict";
  const root = document.documentElement;
  root.classList.add("js");
  const words = (name) => document.body.dataset[name] || "";

  // One tap sends once. The button comes back when the page is shown again (back button) or the request ends.
  const release = (form) => {
    form.removeAttribute("data-sending");
    form.querySelectorAll("[data-held]").forEach((button) => { button.removeAttribute("data-held"); button.removeAttribute("aria-busy"); });
  };
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (form.method !== "post" || event.defaultPrevented) return;
    if (form.hasAttribute("data-sending")) { event.preventDefault(); return; }
    form.setAttribute("data-sending", "");
    const button = event.submitter;
    if (button) { button.setAttribute("data-held", ""); button.setAttribute("aria-busy", "true"); }
    if (form.enctype !== "multipart/form-data") setTimeout(() => release(form), 15000);
  });
  window.addEventListener("pageshow", () => document.querySelectorAll("form[data-sending]").forEach(release));
  document.addEventListener("click", (event) => {
    if (event.target.closest("[aria-disabled=true]")) event.preventDefault();
  });

  // Open menus close on Escape, on a tap elsewhere and when focus leaves them.
  const openDrawers = () => document.querySelectorAll("details[data-drawer][open]");
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    openDrawers().forEach((drawer) => { drawer.open = false; drawer.querySelector("summary").focus(); });
  });
  document.addEventListener("click", (event) => openDrawers().forEach((drawer) => { if (!drawer.contains(event.target)) drawer.open = false; }));
  document.addEventListener("focusin", (event) => openDrawers().forEach((drawer) => { if (!drawer.contains(event.target)) drawer.open = false; }));

  // Messages that pass by.
  const toast = (text, tone) => {
    if (!text) return;
    const note = document.createElement("div");
    note.className = `toast tone-${tone || "good"}`;
    const sentence = document.createElement("p");
    sentence.textContent = text;
    const close = document.createElement("button");
    close.type = "button";
    close.textContent = "×";
    close.setAttribute("aria-label", words("close"));
    close.addEventListener("click", () => note.remove());
    note.append(sentence, close);
    document.getElementById("toasts").append(note);
    if (tone !== "bad") setTimeout(() => note.remove(), 6000);
  };
  window.portalToast = toast;
  document.addEventListener("toast", (event) => toast(event.detail.text || event.detail.value, event.detail.tone));

  // What a region needs after it arrived, with the page or in a swap.
  const count = (area) => {
    const left = area.maxLength - area.value.length;
    let note = area.nextElementSibling;
    if (!note || !note.classList.contains("counter")) {
      note = document.createElement("p");
      note.className = "counter";
      area.after(note);
    }
    note.textContent = left <= area.maxLength / 4 ? words("left").replace("{n}", left) : "";
    note.classList.toggle("counter-low", left <= 20);
  };
  const prepare = (region) => {
    region.querySelectorAll("textarea[data-counter][maxlength]").forEach(count);
    region.querySelectorAll("[data-copy][hidden]").forEach((button) => { button.hidden = !navigator.clipboard; });
    region.querySelectorAll("[data-drop]").forEach((drop) => drop.classList.add("drop-ready"));
    region.querySelectorAll(".drop-invitation[hidden]").forEach((line) => { line.hidden = false; });
  };
  document.addEventListener("input", (event) => { if (event.target.matches("textarea[data-counter][maxlength]")) count(event.target); });
  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-copy]");
    if (!button) return;
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(button.dataset.copied, "good");
  });
  document.addEventListener("DOMContentLoaded", () => prepare(document));

  // Drop zones name what was chosen. A field with data-upload belongs to upload.js.
  const zone = (event) => {
    const drop = event.target.closest && event.target.closest("[data-drop]");
    return drop && !drop.querySelector("input[data-upload]") ? drop : null;
  };
  ["dragover", "dragleave", "drop"].forEach((kind) => document.addEventListener(kind, (event) => {
    const drop = zone(event);
    if (!drop) return;
    event.preventDefault();
    drop.classList.toggle("is-over", kind === "dragover");
    if (kind !== "drop") return;
    const input = drop.querySelector("input[type=file]");
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }));
  document.addEventListener("change", (event) => {
    const drop = event.target.matches("[data-drop] input[type=file]") && zone(event);
    if (!drop) return;
    drop.querySelector(".drop-files").replaceChildren(...[...event.target.files].map((file) => {
      const line = document.createElement("li");
      line.className = "drop-file";
      line.append(file.name, " ", `${(file.size / 1048576).toFixed(1)} MB`);
      return line;
    }));
  });

  // htmx: quiet bar while busy, words when it fails, focus where the answer is.
  let busy = 0;
  const busyBy = (step) => { busy = Math.max(0, busy + step); root.toggleAttribute("data-busy", busy > 0); };
  document.addEventListener("htmx:beforeRequest", (event) => {
    const form = event.detail.elt;
    if (form.matches("form") && event.detail.requestConfig.verb !== "get") {
      if (form.hasAttribute("data-sending")) { event.preventDefault(); return; }
      form.setAttribute("data-sending", "");
    }
    busyBy(1);
  });
  document.addEventListener("htmx:afterRequest", (event) => { if (event.detail.elt.matches("form")) release(event.detail.elt); busyBy(-1); });
  document.addEventListener("htmx:responseError", () => toast(words("failed"), "bad"));
  document.addEventListener("htmx:sendError", () => toast(words("offline"), "bad"));
  document.addEventListener("htmx:timeout", () => toast(words("offline"), "bad"));
  document.addEventListener("htmx:afterSwap", (event) => {
    const region = event.detail.elt;
    prepare(region.parentElement || document);
    const first = region.matches("[data-focus]") ? region : region.querySelector("[data-focus]");
    if (first) { first.setAttribute("tabindex", "-1"); first.focus(); }
  });
})();
