// data-count="1200" on a control: how many characters are left, said aloud only when few are.
(function () {
  onPart("[data-count]", function (field) {
    var note = document.getElementById(field.id + "-count");
    var most = Number(field.dataset.count);
    if (!note || !most) return;
    function show() {
      var left = most - field.value.length;
      note.hidden = field.value.length === 0;
      note.textContent = field.value.length + " / " + most;
      note.classList.toggle("over", left < 0);
      if (left < most / 10) note.setAttribute("role", "status");
      else note.removeAttribute("role");
    }
    field.addEventListener("input", show);
    show();
  });
})();
