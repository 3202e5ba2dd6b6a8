"""The words that the contract's own members may hold."""

BASIS_WORDS = ("stated", "sample", "inferred", "bayeux", "http")
# The basis of an example that `make examples` took from the reference server: it shows the contract, and no fact rests on it.
RECORDED = "recorded"
LEVELS = ("MUST", "MUST NOT", "SHOULD", "SHOULD NOT", "MAY")

# Keywords that mean the same in an OpenAPI 3.0 schema, in draft-07 and in 2020-12.
SHARED_KEYWORDS = frozenset(
    {
        "type", "title", "description", "properties", "required", "additionalProperties", "items", "enum",
        "pattern", "minLength", "maxLength", "minimum", "maximum", "minItems", "maxItems", "uniqueItems",
        "minProperties", "maxProperties", "oneOf", "anyOf", "allOf", "not", "format", "discriminator", "default",
        "$ref",
    }
)  # fmt: skip
METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")
TYPES = ("string", "integer", "number", "boolean", "array", "object")
