"use strict";
const place = document.getElementById("redoc");
Redoc.init(place.dataset.openapi, { hideLoading: true, expandResponses: "200" }, place);
