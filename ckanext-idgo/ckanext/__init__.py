# Namespace shim: every CKAN extension shares the ``ckanext`` package.
try:
    import pkg_resources  # pyright: ignore[reportMissingImports]  # recent setuptools have it no more

    pkg_resources.declare_namespace(__name__)
except ImportError:
    import pkgutil

    __path__ = pkgutil.extend_path(__path__, __name__)
