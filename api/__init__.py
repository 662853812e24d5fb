"""REST, command line and page: the only place where everything is composed."""
