// Many files at once: in pieces, two at a time, each with its own progress, its own retry and its own words.
// A broken line goes on where it stopped; a file that is chosen again after a reload does, too. Without this script the form is sent whole.
(() => {
  "use strict";
  const AT_ONCE = 2;
  const PAUSES_MS = [1000, 3000, 8000, 20000];
  const form = document.querySelector("[data-upload-form]");
  if (!form || !window.XMLHttpRequest) return;
  const input = form.querySelector("input[data-upload]");
  const drop = form.querySelector("[data-drop]");
  const list = drop.querySelector(".drop-files");
  const next = form.querySelector("[data-upload-next]");
  const words = (name, n) => (form.dataset[`words${name[0].toUpperCase()}${name.slice(1)}`] || "").replace("{n}", n);
  const token = form.querySelector("[name=csrf_token]").value;
  const files = [];
  form.querySelector("[data-upload-fallback]").hidden = true;

  const pause = (ms) => new Promise((done) => setTimeout(done, ms));
  const element = (tag, name, text) => { const made = document.createElement(tag); made.className = name; made.textContent = text || ""; return made; };

  // One request. Answers {status, body}; status 0 means that the line broke.
  const ask = (method, url, body, headers, onProgress) => new Promise((answer) => {
    const request = new XMLHttpRequest();
    request.open(method, url);
    request.timeout = 180000;
    Object.entries({ "X-CSRFToken": token, Accept: "application/json", ...headers }).forEach(([name, value]) => request.setRequestHeader(name, value));
    if (onProgress) request.upload.addEventListener("progress", (event) => onProgress(event.loaded));
    request.addEventListener("loadend", () => {
      let said = {};
      try { said = JSON.parse(request.responseText || "{}"); } catch { said = {}; }
      answer({ status: request.status, body: said });
    });
    request.send(body || null);
  });

  const size = (bytes) => `${(bytes / 1048576).toFixed(1)} MB`;
  const duration = (seconds) => (seconds >= 90 ? words("minutes", Math.round(seconds / 60)) : words("seconds", Math.max(1, Math.round(seconds))));

  class Sending {
    constructor(file) {
      this.file = file;
      this.state = "waiting";
      this.line = element("li", "upload");
      this.words = element("span", "upload-words");
      this.bar = document.createElement("progress");
      this.bar.max = file.size || 1;
      this.bar.value = 0;
      this.bar.setAttribute("aria-label", file.name);
      this.acts = element("span", "upload-acts");
      this.line.append(element("span", "upload-name", file.name), this.words, this.acts, this.bar);
      list.append(this.line);
      this.say("waiting");
    }

    say(state, sentence) {
      this.state = state;
      this.words.textContent = `${sentence || words(state)}${state === "waiting" ? ` · ${size(this.file.size)}` : ""}`;
      this.line.className = `upload${state === "bad" || state === "failed" ? " upload-bad" : state === "done" ? " upload-good" : ""}`;
      this.bar.hidden = state === "bad" || state === "done";
      this.acts.replaceChildren();
      if (state === "failed") this.button("retry", () => { this.say("waiting"); pump(); });
      if (state === "bad" || state === "failed" || state === "waiting") this.button("remove", () => this.remove());
      settle();
    }

    button(name, act) {
      const made = element("button", "", words(name));
      made.type = "button";
      made.setAttribute("aria-label", `${words(name)} ${this.file.name}`);
      made.addEventListener("click", act);
      this.acts.append(made);
    }

    remove() {
      if (this.about) ask("POST", this.about.removal);
      files.splice(files.indexOf(this), 1);
      this.line.remove();
      settle();
    }

    progress(bytes) {
      this.bar.value = bytes;
      const spent = (performance.now() - this.started) / 1000;
      const gained = bytes - this.startedAt;
      const left = gained > 0 && spent > 2 ? ` · ${words("left", duration(((this.file.size - bytes) * spent) / gained))}` : "";
      this.words.textContent = `${words("sending")} ${Math.floor((bytes * 100) / (this.file.size || 1))}% · ${size(this.file.size)}${left}`;
    }

    // Ends in done, bad (the file itself is refused) or failed (the line is; it can go on later).
    async run() {
      this.say("sending");
      for (let broken = 0; ; broken += 1) {
        const ending = await this.attempt();
        if (ending === "again") { broken = -1; this.about = null; continue; }
        if (ending !== "broken") return;
        if (broken >= PAUSES_MS.length) return this.say("failed");
        this.words.textContent = words("retrying");
        await pause(PAUSES_MS[broken]);
      }
    }

    async attempt() {
      const about = new URLSearchParams({ name: this.file.name, size: this.file.size, stamp: this.file.lastModified });
      const begun = await ask("POST", input.dataset.upload, about, {});
      if (begun.status !== 200 || !begun.body.content) return this.ended(begun);
      this.about = begun.body;
      if (begun.body.says) return this.ended({ status: 422, body: begun.body });
      this.started = performance.now();
      this.startedAt = begun.body.received;
      const sent = await this.pieces(begun.body.received);
      if (sent) return sent;
      this.words.textContent = words("checking");
      const finished = await ask("POST", this.about.completion);
      if (finished.status === 200) { this.say("done"); return "done"; }
      if (finished.status === 409) return "broken";
      return this.ended(finished);
    }

    // Sends what is missing from `offset` on; answers nothing when all has arrived.
    async pieces(offset) {
      while (offset < this.file.size) {
        const piece = this.file.slice(offset, offset + this.about.piece);
        const at = offset;
        const headers = { "Content-Type": "application/octet-stream", "Upload-Offset": String(at) };
        const answer = await ask("POST", this.about.content, piece, headers, (loaded) => this.progress(Math.min(at + loaded, this.file.size)));
        if (answer.status === 409 && answer.body.received === at) return "broken"; // an older connection still holds the file
        if ((answer.status === 200 || answer.status === 409) && Number.isInteger(answer.body.received)) offset = answer.body.received;
        else return this.ended(answer);
      }
      return "";
    }

    ended(answer) {
      if (answer.body.code === "upload_unknown" && !this.restarted) { this.restarted = true; return "again"; }
      if (answer.status === 422 && answer.body.says) { this.say("bad", answer.body.says); return "bad"; }
      if (answer.status === 0 || answer.status >= 500 || answer.status === 408 || answer.status === 429) return "broken";
      this.say("failed");
      return "failed";
    }
  }

  const settle = () => {
    const done = files.filter((one) => one.state === "done").length;
    const busy = files.some((one) => one.state === "waiting" || one.state === "sending");
    next.hidden = !done || busy;
    const link = next.querySelector("[data-upload-link]");
    link.lastChild.textContent = ` ${words("next", done)}`;
    if (done && !busy && files.length === done) window.location.assign(form.dataset.next);
  };

  let running = 0;
  const pump = () => {
    while (running < AT_ONCE) {
      const one = files.find((file) => file.state === "waiting");
      if (!one) return;
      running += 1;
      one.state = "sending";
      one.run().finally(() => { running -= 1; pump(); settle(); });
    }
  };

  const add = (chosen) => {
    [...chosen].forEach((file) => {
      const there = files.some((one) => one.file.name === file.name && one.file.size === file.size && one.state !== "bad");
      if (!there) files.push(new Sending(file));
    });
    pump();
  };

  input.addEventListener("change", () => { add(input.files); input.value = ""; });
  form.addEventListener("submit", (event) => event.preventDefault());
  window.addEventListener("beforeunload", (event) => { if (files.some((one) => one.state === "sending" || one.state === "waiting")) event.preventDefault(); });

  // A dropped folder brings the files in it.
  const inside = (entry) => new Promise((answer) => {
    if (!entry) return answer([]);
    if (entry.isFile) return entry.file((file) => answer([file]), () => answer([]));
    const reader = entry.createReader();
    const found = [];
    const more = () => reader.readEntries(async (entries) => {
      if (!entries.length) return answer(found);
      for (const one of entries) if (!one.name.startsWith(".")) found.push(...await inside(one));
      more();
    }, () => answer(found));
    more();
  });
  ["dragover", "dragleave", "drop"].forEach((kind) => drop.addEventListener(kind, (event) => {
    event.preventDefault();
    drop.classList.toggle("is-over", kind === "dragover");
    if (kind !== "drop") return;
    const entries = [...event.dataTransfer.items].filter((item) => item.kind === "file").map((item) => item.webkitGetAsEntry && item.webkitGetAsEntry());
    const plain = event.dataTransfer.files;
    if (entries.some((entry) => entry && entry.isDirectory)) Promise.all(entries.map(inside)).then((lists) => add(lists.flat()));
    else add(plain);
  }));
})();
