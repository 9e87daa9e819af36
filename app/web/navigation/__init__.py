"""From a URL of a page to the release and entities it shows, and to related pages."""
