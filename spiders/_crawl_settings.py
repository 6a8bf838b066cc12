"""How we crawl: politely, within bounds, without the doors that Scrapy opens by default."""

import ipaddress
from typing import Any
from urllib.parse import urlsplit

from ._http import user_agent

MAX_PAGES_A_CRAWL = 1000
MAX_BYTES_A_PAGE = 5_000_000


def settings(*, url: str, contact: str, allow_private: bool, seconds: float) -> dict[str, Any]:
    """Scrapy's settings for one site. Only a site on this very machine is asked without a pause."""
    at_home = allow_private and _is_loopback(urlsplit(url).hostname or "")
    resolver = "scrapy.resolver.CachingThreadedResolver"
    return {
        "USER_AGENT": user_agent(contact),
        "ROBOTSTXT_OBEY": True,
        "AUTOTHROTTLE_ENABLED": not at_home,
        "AUTOTHROTTLE_START_DELAY": 1.0,
        "AUTOTHROTTLE_MAX_DELAY": 30.0,
        "DOWNLOAD_DELAY": 0 if at_home else 1.0,
        "CONCURRENT_REQUESTS_PER_DOMAIN": 1,
        "DOWNLOAD_MAXSIZE": MAX_BYTES_A_PAGE,
        "DOWNLOAD_WARNSIZE": 0,
        "DOWNLOAD_TIMEOUT": 30,
        "DNS_TIMEOUT": 15,
        "REDIRECT_MAX_TIMES": 5,
        "METAREFRESH_ENABLED": False,
        "RETRY_TIMES": 1,
        # 429 and 503 are a request to stay away, and 5xx of a page that is broken stay so.
        "RETRY_HTTP_CODES": [408, 502, 504],
        "DEPTH_LIMIT": 200,
        "CLOSESPIDER_TIMEOUT": seconds,
        "CLOSESPIDER_PAGECOUNT": MAX_PAGES_A_CRAWL,
        # It reads the high-water mark, which a process inherits from a large parent; _crawl.py sets a limit instead.
        "MEMUSAGE_ENABLED": False,
        "REMOTE_CONTROL_ENABLED": False,
        "TELNETCONSOLE_ENABLED": False,
        "DOWNLOAD_HANDLERS": {"file": None, "ftp": None, "s3": None, "data": None},
        "ALLOW_PRIVATE": allow_private,
        "DOWNLOADER_MIDDLEWARES": {"spiders._address_scrapy.PublicAddresses": 50},
        "TWISTED_DNS_RESOLVER": resolver if allow_private else "spiders._address_scrapy.PublicResolver",
        "DEFAULT_REQUEST_HEADERS": {"Accept": "text/html,application/json;q=0.9,*/*;q=0.5"},
        "LOG_LEVEL": "INFO",
    }


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
