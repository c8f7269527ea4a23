// "Posłuchaj": shown only where the browser has a voice for the language of the text.
(function () {
  if (!window.speechSynthesis) return;
  function voice(language) {
    return speechSynthesis.getVoices().find(function (one) {
      return one.lang.toLowerCase().indexOf(language) === 0;
    });
  }
  onPart("[data-listen]", function (button) {
    var text = document.getElementById(button.dataset.listen);
    if (!text) return;
    var label = button.querySelector("span");
    var start = label.textContent;
    var language = (text.closest("[lang]") || document.documentElement).lang.slice(0, 2);
    function offer() {
      button.hidden = !voice(language);
    }
    function rest() {
      label.textContent = start;
    }
    button.addEventListener("click", function () {
      if (speechSynthesis.speaking) {
        speechSynthesis.cancel();
        return;
      }
      var words = new SpeechSynthesisUtterance(text.innerText);
      words.lang = language;
      words.voice = voice(language);
      words.onend = words.onerror = rest;
      label.textContent = button.dataset.stop;
      speechSynthesis.speak(words);
    });
    speechSynthesis.addEventListener("voiceschanged", offer);
    offer();
  });
  addEventListener("pagehide", function () {
    speechSynthesis.cancel();
  });
})();
