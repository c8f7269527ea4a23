// The two buttons of rich_textarea: ** around the selection, "- " before each of its lines.
(function () {
  onPart(".rich-bar", function (bar) {
    bar.hidden = false;
  });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-format]");
    var area = button && document.getElementById(button.getAttribute("aria-controls"));
    if (!area) return;
    var from = area.selectionStart;
    var to = area.selectionEnd;
    var text = area.value;
    if (button.dataset.format === "bold") {
      put(area, from, to, "**" + text.slice(from, to) + "**", from + 2, to + 2);
    } else {
      from = text.lastIndexOf("\n", from - 1) + 1;
      var lines = text.slice(from, to).replace(/^(?!- )/gm, "- ");
      put(area, from, to, lines, from + lines.length, from + lines.length);
    }
  });
  function put(area, from, to, words, start, end) {
    area.focus();
    area.setSelectionRange(from, to);
    // execCommand keeps the undo of the browser; setRangeText does not.
    if (!document.execCommand("insertText", false, words)) area.setRangeText(words, from, to, "end");
    area.setSelectionRange(start, end);
    area.dispatchEvent(new Event("input", { bubbles: true }));
  }
})();
