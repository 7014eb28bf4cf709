// The signature box: appears only where it can be drawn in; writes its stroke into the form as a PNG.
(function () {
  "use strict";
  var box = document.querySelector("[data-sign]");
  if (!box || !window.SignaturePad) return;
  var canvas = box.querySelector("canvas");
  var stroke = box.querySelector("input[name=stroke]");
  box.hidden = false;
  var pad = new window.SignaturePad(canvas, { penColor: "#12302b", minWidth: 0.8, maxWidth: 2.6 });

  // The box follows the width of the screen; what was drawn, or came back with a refused form, stays.
  function fit() {
    var ratio = Math.min(window.devicePixelRatio || 1, 2);
    var width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width || canvas.width === Math.round(width * ratio)) return;
    var drawn = pad.toData();
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    if (drawn.length) pad.fromData(drawn);
    else if (stroke.value) pad.fromDataURL(stroke.value, { width: width, height: height });
  }

  function keep() { stroke.value = pad.isEmpty() ? "" : pad.toDataURL("image/png"); }

  fit();
  window.addEventListener("resize", fit);
  pad.addEventListener("endStroke", keep);
  box.querySelector("[data-clear]").addEventListener("click", function () { pad.clear(); keep(); });
})();
