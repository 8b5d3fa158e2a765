"""Verbs that run the portal: serve, and the demo world to try it with."""

import socket
from argparse import Namespace
from collections.abc import Sequence
from dataclasses import replace

import uvicorn
from fastapi import FastAPI

from hocvu.cli.say import say
from hocvu.demo.logins import working_logins
from hocvu.demo.world import seed_demo
from hocvu.errors import SettingsError
from hocvu.jobs.queue import Queue
from hocvu.jobs.supervisor import EmbeddedQueue, WorkerProcess
from hocvu.portal.app import create_app
from hocvu.portal.services import Services, start_services
from hocvu.portal.trial_logins import TrialLogin
from hocvu.settings import Settings


def serve(settings: Settings, chosen: Namespace) -> int:
    """Run the portal until it is stopped."""
    settings = replace(settings, port=chosen.port or settings.port)
    _check_port_is_free(settings)
    queue, embedded = Queue(settings), WorkerProcess(settings)
    app = create_app(settings, queue=queue if settings.worker_apart else EmbeddedQueue(queue, embedded))
    services: Services = app.state.services
    if not settings.worker_apart and any(assignment.has_code for assignment in services.assignments.values()):
        embedded.wake()  # else with the first attempt that needs it
    say(f"\nHọc vụ AI đang chạy. Mở địa chỉ này trong trình duyệt:  {settings.portal}\n")
    app.state.trial_logins = working_logins(services)
    _say_logins(app.state.trial_logins)
    say("Dừng lại: nhấn Ctrl+C.")
    try:
        _run(app, settings)
    finally:
        embedded.stop()
        queue.close()
    return 0


def _run(app: FastAPI, settings: Settings) -> None:
    # proxy_headers: the app knows which proxies to believe (HOCVU_TRUSTED_PROXIES); uvicorn would believe this machine
    host, port = settings.host, settings.port
    uvicorn.run(app, host=host, port=port, log_level="warning", server_header=False, proxy_headers=False)


def _check_port_is_free(settings: Settings) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((settings.host, settings.port))
        except OSError as error:
            raise SettingsError(
                f"{settings.host}:{settings.port}: {error.strerror}. Another program uses this port; "
                f"stop it, or choose another one: make run PORT={settings.port + 1}"
            ) from error


def _say_logins(logins: Sequence[TrialLogin]) -> None:
    if logins:
        say(f"Tài khoản dùng thử (dữ liệu mô phỏng), mật khẩu chung: {logins[0].password}")
        for one in logins:
            say(f"  {one.login:<14} {one.what}")
        say()


def seed_demo_world(settings: Settings, chosen: Namespace) -> int:
    """Fill the store with the demo world, saying how far it is."""
    services = start_services(settings)
    seed_demo(services, chosen.people, chosen.seed, say)
    services.records.close()
    return 0
