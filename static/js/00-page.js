// Runs set-up functions on the page, and again on what HTMX swaps in.
(function () {
  var all = [];
  function run(root) {
    all.forEach(function (item) {
      if (root.matches && root.matches(item.selector)) item.start(root);
      root.querySelectorAll(item.selector).forEach(item.start);
    });
  }
  window.onPart = function (selector, start) {
    all.push({ selector: selector, start: start });
    document.querySelectorAll(selector).forEach(start);
  };
  document.addEventListener("htmx:afterSwap", function (event) {
    run(event.detail.elt);
  });
})();
