"""The programs that the service is measured against. Uvicorn runs each in its own process."""
