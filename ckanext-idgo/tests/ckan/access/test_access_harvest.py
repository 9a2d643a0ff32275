"""Rows 29 to 31: originals, addresses and credentials of harvests are for those who run the source."""

from __future__ import annotations

from typing import Any

import pytest
from access_world import World, canary
from ckan import model
from ckan.tests import helpers

API = "/api/3/action"
ADDRESS = f"https://catalogue.example/{canary('canurl', 'restricted')}"
KEY = canary("canhash", "restricted")
ORIGINAL = canary("canbytes", "restricted")
MAY_NOT = ("anonymous", "outsider", "pending_member", "other_admin", "guichet", "owner_member")
MAY = ("owner_editor", "owner_admin", "sysadmin")


@pytest.fixture(scope="module")
def harvest(built: World) -> dict[str, Any]:
    from ckanext.harvest.model import HarvestJob, HarvestObject, HarvestSource

    with built.app.flask_app.test_request_context():
        source = helpers.call_action(
            "harvest_source_create",
            context={"user": built.users["sysadmin"]["name"]},
            name="source-moissonnee",
            title="Source moissonnée",
            url=ADDRESS,
            source_type="ckan",
            config=f'{{"api_key": "{KEY}"}}',
            owner_org=built.organisation["id"],
        )
        job = HarvestJob(source=HarvestSource.get(source["id"]), status="Finished")
        job.save()
        harvested = HarvestObject(
            job=job,
            source=HarvestSource.get(source["id"]),
            guid="g-1",
            content=f"<record>{ORIGINAL}</record>",
            package_id=built.sheets["open"].id,
            current=True,
        )
        harvested.save()
        made = {"source": source["id"], "object": harvested.id, "job": job.id}
    # Outside the context: a request made within it would share its ``g``, and so its user.
    return {**made, "package": built.sheets["open"].id}


SURFACES = (
    API + "/harvest_object_show?id={object}",
    API + "/harvest_object_show?dataset_id={package}",
    API + "/harvest_source_show?id={source}",
    API + "/harvest_source_list",
    API + "/harvest_source_show_status?id={source}",
    API + "/harvest_job_show?id={job}",
    API + "/harvest_job_list?source_id={source}",
    API + "/harvest_job_report?id={job}",
    API + "/harvest_object_list",
    API + "/package_show?id={source}",
    API + "/package_show?id={source}&use_default_schema=true",
    API + "/package_search?fq=dataset_type:harvest",
    API + "/package_search?fq=dataset_type:harvest&fl=url,config,data_dict,validated_data_dict",
    API + "/package_search?fq=dataset_type:harvest&fl=*",
    API + "/package_activity_list?id={source}&limit=100",
    API + "/recently_changed_packages_activity_list?limit=100",
    "/harvest",
    "/harvest/source-moissonnee",
    "/harvest/about/source-moissonnee",
    "/harvest/admin/source-moissonnee",
    "/harvest/source-moissonnee/job",
    "/harvest/object/{object}",
    "/dataset/harvest_object/{package}",
)


def leaks(response) -> list[str]:
    sent = (response.data + repr(list(response.headers)).encode()).decode(errors="replace")
    return [secret for secret in (ADDRESS, KEY, ORIGINAL) if secret in sent]


@pytest.mark.parametrize("template", SURFACES)
def test_secrets_of_a_harvest_stay_with_those_who_run_it(world: World, harvest, template: str) -> None:
    for actor in MAY_NOT:
        response = world.get(actor, template.format(**harvest))
        assert not leaks(response), f"{actor}: {template}"
        assert response.status_code < 500, f"{actor}: {template}"


@pytest.mark.parametrize("actor", MAY)
def test_who_runs_it_has_everything(world: World, harvest, actor: str) -> None:
    shown = world.get(actor, API + f"/harvest_source_show?id={harvest['source']}").json["result"]
    assert (shown["url"], KEY in shown["config"]) == (ADDRESS, True)
    assert ORIGINAL in world.get(actor, API + f"/harvest_object_show?id={harvest['object']}").text


def test_an_address_cannot_be_guessed(world: World, harvest) -> None:
    for actor in MAY_NOT:
        for guess in (ADDRESS, ADDRESS[::-1]):
            assert world.get(actor, API + f"/harvest_source_show?url={guess}").status_code == 404
        search = API + "/package_search?rows=0&fq=dataset_type:harvest&q=url:*{}*"
        assert world.get(actor, search.format(canary("canurl", "restricted"))).json["result"]["count"] == 0


@pytest.mark.parametrize("actor", MAY)
def test_editing_a_source_keeps_its_address_and_key(world: World, harvest, actor: str) -> None:
    from ckanext.harvest.model import HarvestSource

    done = world.action(actor, "package_patch", id=harvest["source"], notes=f"Par {actor}")
    assert done.status_code == 200, done.json
    model.Session.expire_all()
    source = HarvestSource.get(harvest["source"])
    assert (source.url, KEY in source.config) == (ADDRESS, True)


def test_reindexing_is_not_for_everybody(world: World, harvest) -> None:
    for actor in MAY_NOT:
        assert world.action(actor, "harvest_source_reindex", id=harvest["source"]).status_code == 403
