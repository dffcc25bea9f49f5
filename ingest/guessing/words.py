"""What columns are called in the records of switches and exchanges: names and what they mean.

Roles are canonical columns, and what they are made of: `day`, `clock` (a time in two columns), `answer_at`, `end_at`,
`total` (a length that counts from the start), `direction`.
"""

from __future__ import annotations

import re

EXACT, LIKELY = 2, 1

# Names without case, spaces and signs; the first of a role is as good as the last.
_NAMES: dict[str, str] = {
    "caller": (
        "caller callerid callernumber callernum callerno callernr calleridnumber callerdn callermsisdn callerphone"
        " callernumberraw calling callingnumber callingno callingnum callingparty callingpartynumber callingnr"
        " callingmsisdn callingaddress callingstationid callinglineid cgpn cgpa a ano anum anr anumber aparty"
        " apartyno apartynumber apartymsisdn amsisdn asub asubscriber asubscribernumber anumberid subscribera"
        " partya src source sourcenumber sourceno srcnumber srcnum sourceaddress from fromnumber fromno fromuser"
        " fromuri fromphone fromid callfrom cli clid clinumber clip ani msisdn msisdna originator originating"
        " originatingnumber originatingaddress originatingno orignumber orig origaddress origno sender sendernumber"
        " sipfrom srcuser fromtel phonea numberfrom account numeroorigen origen llamante numeroa appelant"
        " numeroappelant"
        " nummera anrufer rufnummera chamador numerochamador"
    ),
    "callee": (
        "callee calleeid calleenumber calleeno calleenum calleemsisdn called callednumber calledno callednum"
        " calledparty calledpartynumber callednr calledmsisdn calledaddress calledstationid cdpn cdpa b bno bnum bnr"
        " bnumber"
        " bparty bpartyno bpartynumber bpartymsisdn bmsisdn bsub bsubscriber bsubscribernumber subscriberb partyb"
        " dst dest destination destinationnumber destinationno dstnumber dstnum destnumber destinationaddress destno to"
        " tonumber tono touser touri tophone toid callto dialed dialled dialednumber diallednumber dialeddigits"
        " dialleddigits dnis dnid terminating terminatingnumber terminatingaddress termnumber receiver receiverid"
        " receivernumber recipient recipientnumber otherparty othernumber msisdnb sipto dstuser dstouser numberto"
        " phoneb"
        " finalcalledpartynumber originalcalledpartynumber numerodestino destino llamado numerob appele numeroappele"
        " nummerb angerufener rufnummerb chamado numerochamado"
    ),
    "started": (
        "started start starttime startat startedat startstamp startdatetime startdate starttimestamp starttimeutc"
        " setup setuptime setupdate setupdatetime callstart callstarttime callstarted callstartdate callbegin"
        " begin beginning begintime began calldate calldatetime datetime dateandtime timestamp ts eventtime"
        " eventtimestamp eventdatetime eventdate initiated initiatedat invitetime originationtime origtime"
        " origdatetime datetimeorigination seizure seizuretime chargingstart chargingstartime timestart starts"
        " datestart chargedatetime recordtime fechahora fechainicio horainicio inicio debut datedebut beginn"
        " startzeit datahora"
    ),
    "day": "date day calldate startdate eventdate recorddate callday fecha datum data jour chargedate",
    "clock": "time clock calltime starttime eventtime timeofday recordtime hour hora uhrzeit heure hms chargetime",
    "answer_at": (
        "answer answered answertime answerstamp answerat answeredat answerdatetime answerdate connect connected"
        " connecttime connectstamp connectat connectedat connectdatetime datetimeconnect timeanswer pickuptime"
        " answertimestamp conversationstart"
    ),
    "end_at": (
        "end ended endtime endstamp endat endedat enddatetime enddate endtimestamp callend callendtime disconnect"
        " disconnected disconnecttime disconnectat datetimedisconnect release released releasetime hangup hanguptime"
        " stop stoptime stopstamp finish finished timeend terminated chargingend fechafin fin ende"
    ),
    "talk_ms": (
        "billsec billsecs billedseconds billduration billedduration billabletime billable billseconds billmsec"
        " billusec billms talk talktime talkseconds talksec talkms talkduration talkmsec conversation conversationtime"
        " conversationduration chargeableduration chargedduration chargeabletime answeredduration answeredtime usage"
        " connectedduration connecttimesec speechtime holdingtime"
    ),
    "total": (
        "duration dur durationsec durationsecs durationseconds durations durationins durationms durationmsec"
        " durationmillis durationus durationmin calldurations calldurationms calldurationsec calldurationseconds"
        " callduration callduratn totalduration totaltime callseconds calllength length len seconds secs sec elapsed"
        " elapsedtime sessiontime acctsessiontime timelength duracion duree dauer duracao segundos"
    ),
    "ring_ms": (
        "ring ringing ringtime ringduration ringseconds ringsec ringms ringingtime ringtimes alertingtime alerting"
        " timetoanswer waittime pdd"
    ),
    "answered": (
        "answered disposition status callstatus callresult result outcome callstate state isanswered answeredflag"
        " answerstatus completion callcompletion resultado"
    ),
    "kind": (
        "kind type calltype servicetype service eventtype recordtype callkind tor usagetype teleservice cdrtype"
        " servicecode tipo tiposervicio servicename"
    ),
    "record_id": (
        "recordid id uniqueid uuid guid callid cdrid recordno recordnumber recordref callreference callref callrefid"
        " globalcallid globalcallidcallid referenceid transactionid cgrid rowid accountingid acctuniquesessionid"
        " acctsessionid sessionid"
    ),
    "imei": "imei imeia callerimei imeinumber deviceid imeisv equipmentid deviceimei servedimei callingimei",
    "imsi": "imsi imsia callerimsi imsinumber servedimsi callingimsi subscriberimsi",
    "cell": (
        "cell cellid cellname celltower tower towerid towername site siteid sitename cgi ecgi firstcell startcell"
        " cellidentity callercell callingcell cellsite bts btsid basestation firstcellid"
    ),
    "trunk_in": (
        "trunkin intrunk trunkgroupin incomingtrunk incomingtrunkgroup incomingroute inroute routein ingress"
        " ingresstrunk ingresstrunkgroup origtrunk originatingtrunk trunk route trunkgroup srctrunk inboundtrunk"
        " trunkidin channel incomingcircuit sourcetrunk origdevicename"
    ),
    "trunk_out": (
        "trunkout outtrunk trunkgroupout outgoingtrunk outgoingtrunkgroup outgoingroute outroute routeout egress"
        " egresstrunk egresstrunkgroup desttrunk destinationtrunk terminatingtrunk dsttrunk outboundtrunk trunkidout"
        " dstchannel outgoingcircuit destdevicename"
    ),
    "forwarded_to": (
        "forwardedto forwardto forwardednumber forwardingnumber redirectednumber redirectingnumber redirectednum"
        " redirectionnumber divertedto diverted diversion cnumber cparty thirdparty callforwardto transferto"
        " transferredto"
    ),
    "cause": (
        "cause causecode causevalue causeforterm causefortermination releasecause relcause releasecode hangupcause"
        " terminationcause disconnectcause disconnectreason releasereason hangupreason q850 q850cause hangupcauseq850"
        " sipcode sipstatus sipresponse responsecode endreason clearcause isupcause terminatecause"
    ),
    "origin_region": "originregion region callerregion fromregion sourceregion regionfrom aregion origregion",
    "target_region": "targetregion calleeregion toregion destinationregion destregion regionto bregion",
    "zone": "zone timezone tz tzname ianazone",
    "label": "label truelabel fraud isfraud fraudlabel fraudulent",
    "direction": "direction calldirection dir inout leg mocmtc directioncode",
}  # fmt: skip

# Parts of names, for those that are none of the above; the first that fits says it.
_PARTS: tuple[tuple[str, str], ...] = (
    ("caller", r"^(orig|a)?(calling|caller)(party|line)?(number|num|no|id|msisdn|address)"),
    ("caller", r"^(orig|originating|source|src|from)(party|calling)?(number|num|no|msisdn|address|uri)"),
    ("callee", r"^(dest|b)?(called|callee|dialed|dialled)(party)?(number|num|no|id|msisdn|address|digits)"),
    ("callee", r"^(dest|destination|dst|terminating|to|receiver)(party|called)?(number|num|no|msisdn|address|uri)"),
    ("answer_at", r"(answer|connect|pickup)(ed)?(date)?(time|stamp|at)"),
    ("end_at", r"(end|stop|disconnect|release|hangup)(ed)?(date)?(time|stamp|at)"),
    ("started", r"(start|begin|setup|originat\w*|invite)(ed|ing)?(date)?(time|stamp|at)"),
    ("talk_ms", r"(bill|talk|convers|chargeab)\w*(sec|dur|time|ms|usage)"),
    ("ring_ms", r"(ring|alert)\w*(sec|dur|time|ms)"),
    ("total", r"(duration|callseconds|seconds)"),
    ("imei", r"imei"),
    ("imsi", r"imsi"),
    ("cause", r"(release|hangup|termination|disconnect)\w*(cause|reason|code)"),
    ("trunk_in", r"(in|ingress|incoming)\w*trunk"),
    ("trunk_out", r"(out|egress|outgoing)\w*trunk"),
    ("forwarded_to", r"(forward|redirect|divert)\w*(number|num|to)$"),
)
_BY_NAME: dict[str, tuple[str, ...]] = {}
for _role, _names in _NAMES.items():
    for _name in _names.split():
        _BY_NAME[_name] = (*_BY_NAME.get(_name, ()), _role)


def meanings(name: str) -> dict[str, int]:
    """Give what a column of this name may be: role → EXACT or LIKELY; a dotted or slashed path counts by its end."""
    squeezed = squeeze(name)
    ends = [squeezed, *(squeeze(part) for part in re.split(r"[./]", name)[-1:])]
    found = {role: EXACT for end in ends for role in _BY_NAME.get(end, ())}
    if found or squeezed.endswith("name"):
        return found
    return next(({role: LIKELY} for role, pattern in _PARTS if re.search(pattern, squeezed)), {})


def squeeze(name: str) -> str:
    """Give a name without case, spaces, signs and units in brackets."""
    without_unit = re.sub(r"[(\[].*?[)\]]", "", name)
    return re.sub(r"[\W_]", "", without_unit.casefold())
