"""Notices to the hosts by e-mail: what they must know although they are not looking."""

import logging
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

log = logging.getLogger(__name__)


class Notices:
    """An SNS topic, to which hosts subscribe with `python -m scripts.notify`."""

    def __init__(self, sns: Any, topic: str) -> None:
        self._sns = sns
        self._topic = topic

    def send(self, subject: str, text: str) -> bool:
        """Whether it was taken; what is not taken is only a line in the log."""
        try:
            self._sns.publish(TopicArn=self.address(), Subject=subject[:100], Message=text)
        except (BotoCoreError, ClientError) as error:
            log.warning("A notice was not sent (%s): %s", subject, error)
            return False
        return True

    def subscribe(self, email: str) -> None:
        """AWS asks the address to confirm."""
        self._sns.subscribe(TopicArn=self.address(), Protocol="email", Endpoint=email)

    def address(self) -> str:
        """The topic's ARN; the topic is made unless it is there."""
        return str(self._sns.create_topic(Name=self._topic)["TopicArn"])
