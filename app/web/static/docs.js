"use strict";
const place = document.getElementById("swagger-ui");
window.ui = SwaggerUIBundle({
  url: place.dataset.openapi,
  domNode: place,
  deepLinking: true,
  docExpansion: "list",
  defaultModelsExpandDepth: 0,
  displayRequestDuration: true,
  showExtensions: false,
  syntaxHighlight: { activated: true },
  tryItOutEnabled: true,
  validatorUrl: null,
});
