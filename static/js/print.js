// <button data-print hidden>: prints the page; without a script the browser's own menu does.
(function () {
  onPart("[data-print]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      print();
    });
  });
})();
