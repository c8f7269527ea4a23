// <input data-chance>: 128 random bits of this browser, so that no server alone makes a receipt.
(function () {
  onPart("input[data-chance]", function (field) {
    if (field.value) return; // back in history: the same form stays the same
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    field.value = Array.from(bytes, function (byte) {
      return (byte + 256).toString(16).slice(1);
    }).join("");
  });
})();
