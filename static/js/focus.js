// A swap must not drop the keyboard on <body>. HTMX keeps the focus on elements with the same id;
// when the element is gone, the focus goes to what replaced it. The summary of errors takes it.
(function () {
  var held = null;
  document.addEventListener("htmx:beforeSwap", function (event) {
    var active = document.activeElement;
    held = event.detail.target.contains(active) ? event.detail.target.id : null;
  });
  document.addEventListener("htmx:afterSettle", function () {
    var errors = document.querySelector(".err-sum");
    if (errors && held) errors.focus();
    else if (held && document.activeElement === document.body) {
      var place = document.getElementById(held);
      if (place) {
        place.tabIndex = -1;
        place.focus({ preventScroll: true });
      }
    }
    held = null;
  });
})();
