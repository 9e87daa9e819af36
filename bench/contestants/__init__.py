"""What the service is measured against: programs that uvicorn runs, each in a process of its own."""
