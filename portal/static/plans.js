// The drawing viewer: zoom by pinch, wheel or button; a tap pins a remark. Without this script there are links and a list of places.
(() => {
  "use strict";
  const TAP_PX = 8;
  const TAP_MS = 600;
  const SVG = "http://www.w3.org/2000/svg";

  const form = document.querySelector("[data-remark-form]");
  const field = (name) => form && form.querySelector(`[data-${name}]`);

  const show = (pinned) => {
    if (!form || !field("pinned")) return;
    field("pinned").hidden = !pinned;
    field("tap-hint").hidden = pinned;
    field("cell").hidden = true;
  };

  const unpin = () => {
    document.querySelectorAll(".pin-fresh").forEach((pin) => pin.remove());
    if (!form) return;
    field("x").value = field("y").value = "";
    show(false);
  };

  // The pin stands where the finger was, as a share of the page, so it fits every size of the picture.
  const pin = (marks, x, y) => {
    unpin();
    const group = document.createElementNS(SVG, "g");
    const dot = document.createElementNS(SVG, "circle");
    group.setAttribute("class", "pin pin-fresh");
    dot.setAttribute("cx", `${x * 100}%`);
    dot.setAttribute("cy", `${y * 100}%`);
    dot.setAttribute("r", "14");
    group.append(dot);
    marks.append(group);
    field("x").value = x.toFixed(4);
    field("y").value = y.toFixed(4);
    show(true);
    marks.closest("[data-sheet]").dispatchEvent(new CustomEvent("pinned"));
    const words = form.querySelector("textarea");
    form.scrollIntoView({ block: "nearest", behavior: "smooth" });
    words.focus({ preventScroll: true });
  };

  const tapped = (sheet, paper) => {
    let from = null;
    let fingers = 0;
    paper.addEventListener("pointerdown", (event) => {
      fingers += 1;
      from = fingers === 1 && event.button === 0 ? { x: event.clientX, y: event.clientY, at: event.timeStamp } : null;
    }, true);
    document.addEventListener("pointercancel", () => { fingers = 0; from = null; });
    document.addEventListener("pointerup", (event) => {
      fingers = Math.max(0, fingers - 1);
      const start = from;
      from = null;
      if (!start || fingers || event.target.closest(".pin") || !paper.contains(event.target)) return;
      if (Math.hypot(event.clientX - start.x, event.clientY - start.y) > TAP_PX || event.timeStamp - start.at > TAP_MS) return;
      const box = paper.getBoundingClientRect();
      const x = (event.clientX - box.left) / box.width;
      const y = (event.clientY - box.top) / box.height;
      if (x >= 0 && x <= 1 && y >= 0 && y <= 1) pin(sheet.querySelector("[data-marks]"), x, y);
    });
  };

  const zoomable = (sheet) => {
    const paper = sheet.querySelector("[data-paper]");
    const tools = sheet.querySelector("[data-tools]");
    paper.setAttribute("data-ready", "");
    if (window.Panzoom) {
      // One finger scrolls the page until the drawing is zoomed in; then it moves the drawing.
      const zoom = window.Panzoom(paper, { minScale: 1, maxScale: 8, contain: "outside", panOnlyWhenZoomed: true, cursor: "inherit", touchAction: "pan-y", step: 0.5 });
      paper.addEventListener("panzoomchange", (event) => {
        paper.style.touchAction = event.detail.scale > 1.01 ? "none" : "pan-y";
        paper.style.setProperty("--zoom", event.detail.scale);
      });
      paper.parentElement.addEventListener("wheel", (event) => { if (event.ctrlKey || event.metaKey || zoom.getScale() > 1) zoom.zoomWithWheel(event); }, { passive: false });
      const full = (open) => {
        if (sheet.classList.contains("sheet-full") === open) return;
        sheet.classList.toggle("sheet-full", open);
        const button = tools.querySelector("[data-zoom=full]");
        [button.textContent, button.dataset.other] = [button.dataset.other, button.textContent];
        // In the whole window the drawing is lower than its frame, so it may not be held to the edges.
        zoom.setOptions({ contain: open ? undefined : "outside", panOnlyWhenZoomed: !open });
        zoom.reset({ animate: false });
      };
      document.addEventListener("keydown", (event) => { if (event.key === "Escape" && sheet.classList.contains("sheet-full")) full(false); });
      sheet.addEventListener("pinned", () => full(false));
      const acts = {
        full: () => full(!sheet.classList.contains("sheet-full")), 
        in: () => zoom.zoomIn(),
        out: () => zoom.zoomOut(),
        reset: () => zoom.reset(),
      };
      tools.addEventListener("click", (event) => { const button = event.target.closest("[data-zoom]"); if (button) acts[button.dataset.zoom](); });
      tools.hidden = false;
    }
    if (form && sheet.hasAttribute("data-tappable")) tapped(sheet, paper);
  };

  document.querySelectorAll("[data-sheet]").forEach(zoomable);
  const tappable = document.querySelector("[data-sheet][data-tappable]");
  if (form && tappable && field("cell")) {
    form.querySelector("[data-unpin]").addEventListener("click", unpin);
    const chosen = field("x").value && field("y").value;
    if (chosen) pin(tappable.querySelector("[data-marks]"), Number(field("x").value), Number(field("y").value));
    else if (!form.querySelector(".error")) show(false);
  }
})();
