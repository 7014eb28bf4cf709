"""The portal. `create_app()` makes the application; importing the package alone costs nothing."""


def create_app(settings=None):
    """The application; without `settings` the environment decides. Heavy imports wait until it is needed."""
    from portal.factory import create_app as build

    return build(settings)
