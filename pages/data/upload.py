"""Upload: bring your own data, see what was read, load it; and what is kept for every load."""

from cxroi.ui.data.connections import connections_panel
from cxroi.ui.data.dropped import drop_zone, waiting_files
from cxroi.ui.data.interrupted import interrupted_load
from cxroi.ui.data.money_said import money_question
from cxroi.ui.data.preview import files_account
from cxroi.ui.data.settings import kept_settings
from cxroi.ui.data.spend_in_support import spend_in_support_question
from cxroi.ui.data.standing import our_data, tabs
from cxroi.ui.data.trail import trail_section
from cxroi.ui.data.upload import load_account, load_form, templates
from cxroi.ui.data.versions import versions_list

opened, (load, settings) = tabs()
if opened == "load":
    with load:
        files = waiting_files()
        our_data(briefly=bool(files))
        running = load_account(beside_form=bool(files))
        spend_in_support_question()
        money_question()
        drop_zone()
        if files:
            if not running:
                interrupted_load()
            load_form(files_account(files), running=running)
        else:
            templates()
        connections_panel()
else:
    with settings:
        kept_settings()
        versions_list()
        trail_section()
