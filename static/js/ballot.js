// <form data-castbar="10">: how many boxes are ticked. Nothing is unticked or sent for anyone.
(function () {
  onPart("form[data-castbar]", function (form) {
    var most = Number(form.dataset.castbar);
    function show() {
      var chosen = form.querySelectorAll("input[type=checkbox]:checked").length;
      form.querySelectorAll("[data-chosen]").forEach(function (place) {
        place.textContent = chosen;
      });
      form.querySelectorAll("[data-over]").forEach(function (place) {
        place.hidden = chosen <= most;
      });
    }
    form.addEventListener("change", show);
    form.querySelectorAll("[data-counted]").forEach(function (words) {
      words.hidden = false; // without a script the number would stand still
    });
    // Back in history the browser restores the ticks after this script has run.
    addEventListener("pageshow", show);
    show();
  });
})();
