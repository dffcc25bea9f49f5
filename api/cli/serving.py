"""`serve` and `demo`: the faces that stay up."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from api.cli.job import run_code, show_run
from api.cli.options import CommandError, HomeOption, JsonOption, StoreOption, guarded
from api.cli.output import complain, print_json, progress_bars, say
from configs import load_settings
from ingest.home import Home

if TYPE_CHECKING:
    from api.pipeline import RunReport
    from ingest.simulator import WorldSettings

DEMO_CALLERS, DEMO_DAYS, DEMO_SEED, DEMO_RINGS = 20_000, 7, 1, 12
DEMO_TYPES = ("impersonation", "robocall", "wangiri")  # what a module recognises so far


@guarded
def serve_home(
    home: HomeOption,
    host: Annotated[str | None, typer.Option(help="Address to listen on; default: the setting api.host.")] = None,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Default: the setting api.port.")] = None,
    store: StoreOption = None,
    as_json: JsonOption = False,
) -> None:
    """Serve the dashboard, GraphQL, REST and the live stream.

    Listening beyond this machine needs a bearer token of 32 characters or more in a file named by
    RINGFENCE_TOKEN_FILE.
    """
    _serve(Home(home), host, port, store, as_json)


@guarded
def demo(
    home: HomeOption,
    no_serve: Annotated[bool, typer.Option("--no-serve", help="Stop after the main job.")] = False,
    port: Annotated[int | None, typer.Option(min=0, max=65535, help="Default: the setting api.port.")] = None,
    as_json: JsonOption = False,
) -> None:
    """Build a small world with planted rings, find them, and serve the dashboard on 127.0.0.1.

    20,000 callers over 7 days with 12 rings of the three types that are recognised, in an easy world (seed 1);
    `ringfence simulate` makes harder ones. With a Neo4j address in RINGFENCE_NEO4J_URI the graph is
    published there too. Needs a home of its own; a second demo on it continues from what is there.
    """
    from api import pipeline
    from api.wiring import store_from_environment
    from ingest.simulator import simulate

    world = home / "demo-world"
    store = store_from_environment()
    with progress_bars() as progress:
        if not (world / "world.json").is_file():  # it is written last: without it the world is half made
            if world.is_dir():
                shutil.rmtree(world)
            simulate(world, _demo_settings(), progress)
        request = pipeline.RunRequest(paths=(world,), store=store)
        report = pipeline.run(Home(home), load_settings(home), request, progress)
    if as_json:
        print_json({**report.as_json(), "truth": str(world)})
    else:
        show_run(report)
        say(f"The truth of this world: {world}; compare with `ringfence evaluate --truth {world} --home {home}`.")
    if report.published and not report.degraded and not as_json:
        _say_how_to_see_a_ring(report)
    code = run_code(report)
    if no_serve:
        raise typer.Exit(code)
    _serve(Home(home), None, port, store, as_json)


def _demo_settings() -> WorldSettings:
    from ingest.simulator import WorldSettings

    return WorldSettings(DEMO_CALLERS, DEMO_DAYS, DEMO_SEED, hardness="easy", rings=DEMO_RINGS, fraud_types=DEMO_TYPES)


def _say_how_to_see_a_ring(report: RunReport) -> None:
    import cypher

    campaigns = report.results.campaigns["id"].to_pylist()
    if campaigns:
        say(f"To see the riskiest ring in Neo4j Browser: :param campaign => '{campaigns[0]}'")
        say(cypher.text("ring"))


def _serve(home: Home, host: str | None, port: int | None, store: str | None, as_json: bool) -> None:
    from api.server import ServeError, serve
    from api.wiring import open_app, store_from_environment

    settings = load_settings(home.root)
    app = open_app(home, settings, store or store_from_environment())
    try:
        serve(app, host or settings.api.host, settings.api.port if port is None else port, _announce(as_json))
    except ServeError as error:
        raise CommandError(str(error)) from None
    finally:
        app.close()


def _announce(as_json: bool) -> Callable[[str], None]:
    if as_json:
        return lambda address: complain(f"listening on {address}")
    return lambda address: say(f"Open {address} in a browser. Stop with Ctrl-C.")
