"""Pages that show something and take something."""

from django.views.decorators.http import require_http_methods

# HEAD and a browser's prefetch are reads: they change nothing.
reads_and_posts = require_http_methods(["GET", "HEAD", "POST"])
