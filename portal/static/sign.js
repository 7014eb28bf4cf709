// The signature box: appears only where it can be drawn in; writes its stroke into the form as a PNG.
(function () {
  "use strict";
  var box = document.querySelector("[data-sign]");
  if (!box || !window.SignaturePad) return;
  var canvas = box.querySelector("canvas");
  var stroke = box.querySelector("input[name=stroke]");
  box.hidden = false;

  function fit() {
    var ratio = Math.min(window.devicePixelRatio || 1, 2);
    var width = canvas.clientWidth, height = canvas.clientHeight;
    if (!width || canvas.width === Math.round(width * ratio)) return;
    var drawn = pad.toData();
    canvas.width = Math.round(width * ratio);
    canvas.height = Math.round(height * ratio);
    canvas.getContext("2d").scale(ratio, ratio);
    pad.clear();
    pad.fromData(drawn);
  }

  var pad = new window.SignaturePad(canvas, { penColor: "#12302b", minWidth: 0.8, maxWidth: 2.6 });
  fit();
  window.addEventListener("resize", fit);
  box.querySelector("[data-clear]").addEventListener("click", function () { pad.clear(); stroke.value = ""; });
  pad.addEventListener("endStroke", function () { stroke.value = pad.isEmpty() ? "" : pad.toDataURL("image/png"); });
})();
