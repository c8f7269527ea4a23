// <button data-quote-from="id-of-text" aria-controls="id-of-field">: copies the marked passage.
(function () {
  onPart("[data-quote-from]", function (button) {
    button.hidden = false;
    button.addEventListener("click", function () {
      var text = document.getElementById(button.dataset.quoteFrom);
      var field = document.getElementById(button.getAttribute("aria-controls"));
      var marked = getSelection();
      if (!text || !field || !marked.rangeCount || !text.contains(marked.getRangeAt(0).commonAncestorContainer)) return;
      field.value = marked.toString().trim();
      field.dispatchEvent(new Event("input", { bubbles: true }));
      field.focus();
    });
    // Pressing the button must not take the mark away before it is read.
    button.addEventListener("mousedown", function (event) {
      event.preventDefault();
    });
  });
})();
