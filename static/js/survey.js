// <form data-survey>: a question that depends on an answer is there only after that answer. What was
// typed into a folded question stays typed; the server leaves it out.
(function () {
  onPart("form[data-survey]", function (form) {
    function isAsked(question) {
      if (!question.dataset.askedIf) return true;
      var before = form.querySelector('[data-question="' + question.dataset.askedIf + '"]');
      if (!before || before.hidden) return false;
      var values = question.dataset.askedValues.split(",");
      return Array.from(before.querySelectorAll("input:checked")).some(function (input) {
        return values.includes(input.value);
      });
    }
    function fold() {
      // In the order of the questions: what a folded one would open is folded too.
      form.querySelectorAll("[data-question]").forEach(function (question) {
        question.hidden = !isAsked(question);
      });
    }
    form.classList.add("survey-folds");
    form.addEventListener("change", fold);
    // Back in history the browser restores the answers after this script has run.
    addEventListener("pageshow", fold);
    fold();
  });
})();
