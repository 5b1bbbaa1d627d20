### Die Dokumentation der Verwaltungs-API. Was aus der Beschreibung der API selbst kommt, ist englisch.

api-title = Verwaltungs-API
api-lead = Alles, was sich hier verwalten lässt, für Programme. Jeder Aufruf bringt ein Zugriffstoken für diese API mit dem Scope mit, den er braucht.
api-base = Adresse
api-description = Beschreibung für Programme (OpenAPI)
api-contents = Inhalt
api-needs = Braucht:
api-required = erforderlich
api-body = Inhalt der Anfrage
api-schemas = Was gesendet und geantwortet wird
api-problems = Ablehnungen
api-problems-lead = Ablehnungen sind application/problem+json (RFC 9457). Ihr type führt zu einer von diesen.
api-rules = Regeln, die Anfragen verletzen können
api-rules-lead = Warum eine Anfrage abgelehnt wurde, sagt ihre Anfragekennung: unter „Ablehnungen“ in der Konsole oder mit dem Aufruf explainRefusal. Genannt wird eine von diesen.
