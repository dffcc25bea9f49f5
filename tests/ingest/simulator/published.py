"""Published figures of call graphs and call times beside the measures that a world's innocent part is held to.

A range is what the source says, widened to what other operators, windows and samples can differ by. A figure whose text
could not be seen again when this was written is marked; a measure without a range stands for comparison only.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from ingest.simulator.calls import SMS, VOICE, Calls
from ingest.simulator.rhythm import DAY, HOUR
from tests.ingest.simulator.call_graph import CallGraph
from tests.ingest.simulator.call_times import (
    Sequences,
    imbalance_within_trains,
    log_logistic_gain,
    mutual_seen_again,
    one_partner_share,
    partners_within,
    weight_of_first_links,
    without_rhythm,
)

EVENTS = 20  # calls of a caller whose waits are looked at


@dataclass(frozen=True)
class Innocent:
    """The everyday calls and texts of a world; `begin` is its first midnight, in ms."""

    calls: Calls
    begin: int

    @cached_property
    def voice(self) -> Calls:
        """Calls, answered or not, forwarded or not."""
        return self.calls.where(self.calls.kind != SMS)

    @cached_property
    def texts(self) -> Calls:
        """Texts."""
        return self.calls.where(self.calls.kind == SMS)

    @cached_property
    def graph(self) -> CallGraph:
        """Who called whom."""
        return CallGraph(self.voice)

    @cached_property
    def waits(self) -> Sequences:
        """Between the calls of a caller."""
        return Sequences(self.voice.caller, self.voice.started, EVENTS)

    @cached_property
    def waits_without_rhythm(self) -> Sequences:
        """The same without the rhythm of day and week."""
        return Sequences(self.voice.caller, without_rhythm(self.voice.started), EVENTS)


class Figure(NamedTuple):
    """One measure and what was published about it."""

    name: str
    measured: Callable[[Innocent], float]
    low: float | None
    high: float | None
    published: str
    source: str
    seen: bool  # whether the figure was read again in the source, its abstract or a report on it


FIGURES = (
    Figure(
        "mutual_degree",
        lambda world: world.graph.mean_degree(),
        2.5,
        6.0,
        "3.0 of a fifth of a country over 18 weeks; 3.4 (prepaid) and 5.4 (postpaid) contacts",
        "Onnela et al., PNAS 2007 (4.6 M users, 7.0 M mutual links: not seen again); Kovanen et al. 2010",
        True,
    ),
    Figure(
        "mutual_giant_component",
        lambda world: world.graph.mutual_giant(),
        0.8,
        1.0,
        "3.9 M of 4.6 M users (84 %; the 4.6 M not seen again); 84 % of 53.8 M landlines in one day, whoever called",
        "Onnela et al., New J. Phys. 2007; Abello, Pardalos and Resende 1999, in Hayes, American Scientist 2000",
        True,
    ),
    Figure(
        "mutual_degree_exponent_from_10",
        lambda world: world.graph.mutual_exponent(10),
        4.0,
        7.0,
        "5; (k + 10.9)^-8.4, whose slope between 10 and 50 is 4.0 to 6.9",
        "Lambiotte et al., Physica A 2008; Onnela et al., PNAS 2007 (not seen again)",
        True,
    ),
    Figure(
        "in_degree_exponent_from_30",
        lambda world: world.graph.in_exponent(30),
        2.0,
        3.5,
        "2.1 for calls of landlines in one day; mobile call graphs of four regions of India between 2 and 3",
        "Aiello, Chung and Lu, STOC 2000; Nanavati et al., CIKM 2006",
        False,
    ),
    Figure(
        "overlap_rises_with_weight",
        lambda world: world.graph.overlap_rises(),
        0.75,
        1.0,
        "the stronger a tie, the more its ends' partners overlap, for 95 % of the ties (the share not seen again)",
        "Onnela et al., PNAS 2007",
        True,
    ),
    Figure(
        "lopsided_ties_over_chance",
        lambda world: world.graph.lopsided(),
        1.5,
        20.0,
        "lopsided ties are quite common, far beyond what chance gives",
        "Kovanen, Saramäki and Kaski, Reciprocity of mobile phone calls, 2010",
        True,
    ),
    Figure(
        "share_of_the_first_three_partners",
        lambda world: world.graph.top_share(3),
        0.4,
        0.7,
        "a high share goes to few; about 0.4 to 0.5 to the first three",
        "Saramäki et al., PNAS 2014 (the number not seen again)",
        False,
    ),
    Figure(
        "mutual_pairs_call_again",
        lambda world: mutual_seen_again(world.voice, world.begin, 5),
        1.1,
        3.0,
        "mutual ties persist more; the strongest predictor of persistence",
        "Hidalgo and Rodriguez-Sickert, Physica A 2008",
        True,
    ),
    Figure(
        "partners_in_14_days_over_7",
        lambda world: partners_within(world.voice, world.begin, 14) / partners_within(world.voice, world.begin, 7),
        1.1,
        1.9,
        "the mean degree keeps growing with the window, up to 180 days, slower than the window",
        "Krings et al., EPJ Data Science 2012",
        True,
    ),
    Figure(
        "weight_of_links_of_the_first_day",
        lambda world: weight_of_first_links(world.voice, world.begin),
        1.5,
        10.0,
        "short windows show the strong ties",
        "Krings et al., EPJ Data Science 2012",
        True,
    ),
    Figure(
        "burstiness",
        lambda world: world.waits.burstiness(),
        0.05,
        0.45,
        "B > 0, about 0.2 for calls",
        "Goh and Barabási, EPL 2008 (the number not seen again)",
        False,
    ),
    Figure(
        "memory",
        lambda world: world.waits.memory(),
        -0.15,
        0.15,
        "memory is weak in human dynamics",
        "Goh and Barabási, EPL 2008",
        True,
    ),
    Figure(
        "burstiness_without_rhythm",
        lambda world: world.waits_without_rhythm.burstiness(),
        0.03,
        0.45,
        "heavy tails of waits remain when the rhythm of day and week is taken out",
        "Jo et al., New J. Phys. 2012; heavy tails: Candia et al., J. Phys. A 2008; Barabási, Nature 2005",
        True,
    ),
    Figure(
        "weibull_waits",
        lambda world: world.waits.weibull_share(),
        0.7,
        1.0,
        "waits of 73 % of 100,000 very active users are Weibull, of 3.5 % a power law",
        "Jiang et al., PNAS 2013",
        True,
    ),
    Figure(
        "trains_with_one_partner",
        lambda world: one_partner_share(world.voice),
        0.5,
        1.0,
        "bursty trains usually evolve between two people",
        "Karsai, Kaski and Kertész, PLoS ONE 2012",
        True,
    ),
    Figure(
        "imbalance_within_trains_of_calls",
        lambda world: imbalance_within_trains(world.voice, HOUR),
        1.02,
        2.0,
        "within trains of calls the imbalance is enhanced",
        "Karsai, Kaski and Kertész, PLoS ONE 2012",
        True,
    ),
    Figure(
        "imbalance_within_trains_of_texts",
        lambda world: imbalance_within_trains(world.texts, HOUR),
        0.4,
        0.99,
        "within trains of texts the balance increases",
        "Karsai, Kaski and Kertész, PLoS ONE 2012; Wu et al., PNAS 2010",
        True,
    ),
    Figure(
        "answered",
        lambda world: float(world.voice.answered.mean()),
        0.65,
        0.8,
        "missed calls are 20 to 25 % of India's mobile calls, or over 30 %",
        "operators in Hindustan Times 2006 and Business Standard 2007",
        True,
    ),
    Figure(
        "log_logistic_talk",
        lambda world: log_logistic_gain(world.voice.where(world.voice.kind == VOICE)),
        0.0,
        1.0,
        "durations of a user are log-logistic, for 96 % of the users much better than log-normal or exponential",
        "Vaz de Melo et al., ECML PKDD 2010",
        True,
    ),
    Figure(
        "reciprocity",
        lambda world: world.graph.reciprocity(),
        None,
        None,
        "",
        "share of directed pairs that are called back; no figure for a window of this length was found",
        False,
    ),
    Figure(
        "clustering",
        lambda world: world.graph.clustering(),
        None,
        None,
        "",
        "mean local clustering of the mutual graph; no figure could be seen again",
        False,
    ),
    Figure(
        "giant_component_of_the_first_day",
        lambda world: CallGraph(world.voice.where(world.voice.started < world.begin + DAY)).giant(),
        None,
        None,
        "0.84 of 53.8 M landlines with 3.2 links each; this world has fewer links a day",
        "Abello, Pardalos and Resende 1999",
        True,
    ),
)
