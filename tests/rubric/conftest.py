"""Settings of the property tests: a whole ladder takes long enough that a busy machine must not fail one."""

from hypothesis import HealthCheck, settings

settings.register_profile("ladders", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("ladders")
