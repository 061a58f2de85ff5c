"""Endpoints with AWS's life: Creating, InService or Failed, Deleting, gone; and its refusals."""

from typing import Any

from infrastructure.local_cloud import refusals
from infrastructure.local_cloud.instance import Instance
from infrastructure.local_cloud.keeper import Keeper
from infrastructure.local_cloud.moto_adapter import Moto
from infrastructure.local_cloud.settings import CloudSettings


class Endpoints:
    """The endpoints that live, by region and name."""

    def __init__(self, settings: CloudSettings, moto: Moto, keeper: Keeper) -> None:
        self._settings = settings
        self._moto = moto
        self._keeper = keeper
        self._instances: dict[tuple[str, str], Instance] = {}
        self._lock = moto.lock  # one lock for both, so that neither waits for the other

    def check_creation(self, region: str, request: dict[str, Any]) -> None:
        """Refuse what AWS refuses before the endpoint is made."""
        name, config = request.get("EndpointName", ""), request.get("EndpointConfigName", "")
        if (region, name) in self._instances:
            raise refusals.already_exists(region, name)
        if self._moto.variant(region, config) is None:
            raise refusals.no_configuration(region, config)

    def begin(self, region: str, request: dict[str, Any]) -> None:
        """Start the life of an endpoint that moto has just made."""
        name = request["EndpointName"]
        variant = self._moto.variant(region, request["EndpointConfigName"])
        if variant is None:
            raise refusals.no_configuration(region, request["EndpointConfigName"])
        instance = Instance(
            region, name, variant, self._settings, self._moto, self._keeper, self._gone
        )
        with self._lock:
            self._instances[region, name] = instance
        instance.start()

    def end(self, region: str, request: dict[str, Any]) -> None:
        """Begin the deletion of an endpoint, or refuse it."""
        name = request.get("EndpointName", "")
        with self._lock:
            instance = self._instances.get((region, name))
            if instance is None or instance.status == "Deleting":
                raise refusals.not_found(region, name)
            if instance.status == "Creating":
                raise refusals.in_progress(region, name)
            instance.delete()

    def serving(self, region: str, name: str) -> Instance:
        """The instance behind an endpoint that answers invocations."""
        instance = self._instances.get((region, name))
        if instance is None or instance.status != "InService":
            raise refusals.not_serving(name)
        return instance

    def stop_all(self) -> None:
        """End every container, all at once, and wait for them."""
        with self._lock:
            instances = list(self._instances.values())
        for instance in instances:
            instance.abandon()
        for instance in instances:
            instance.join()

    def _gone(self, instance: Instance) -> None:
        with self._lock:
            self._moto.forget_endpoint(instance.region, instance.name)
            self._instances.pop((instance.region, instance.name), None)
