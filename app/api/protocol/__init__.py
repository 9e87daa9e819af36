"""HTTP rules that every endpoint follows: routing, methods, problem details, rights, request bodies."""
