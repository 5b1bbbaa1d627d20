### The administration API's documentation. What comes from the API's own description is English.

api-title = Administration API
api-lead = Everything that can be looked after here, for programs. Each call carries an access token for this API with the scope that it needs.
api-base = Address
api-description = Description for programs (OpenAPI)
api-contents = Contents
api-needs = Needs:
api-required = required
api-body = Body
api-schemas = What is sent and answered
api-problems = Refusals
api-problems-lead = Refusals are application/problem+json (RFC 9457). Their type leads to one of these.
api-rules = Rules that requests can break
api-rules-lead = Why any request was refused is told by its request id: under “Refusals” in the console, or by the call explainRefusal. It names one of these.
