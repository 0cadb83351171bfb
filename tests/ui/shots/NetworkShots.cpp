#include "tests/ui/shots/NetworkShots.h"

#include "tests/support/MeridianNetwork.h"
#include "ui/models/NetworkSession.h"
#include "ui/pages/OverviewPage.h"

namespace chancery::test {

using ui::OverviewPage;

void shootNetwork(Studio& studio) {
    MeridianNetwork meridian;
    const auto watch = std::make_shared<usecase::WatchNetwork>(meridian.network);
    studio.network().show(watch, QStringLiteral("Meridian Clearing"));
    studio.wait([&] { return studio.network().model()->troubled() == 1; });
    auto* page = static_cast<OverviewPage*>(studio.window().builtPage(QStringLiteral("overview")));
    page->selectNode(QStringLiteral("peer1.riverbank"));
    studio.wait([&] { return studio.network().model()->lagOf(page->currentLink().id).size() > 3; });
    studio.shoot("overview");
    page->setView(OverviewPage::ByHost);
    studio.shoot("overview-hosts");
    page->setView(OverviewPage::Table);
    studio.shoot("overview-table");
    page->setView(OverviewPage::ByOrganisation);
    meridian.nodes["peer0.riverbank"]->fail(
        makeError(StatusCode::kUnavailable, "CANNOT_CONNECT", "connection refused"));
    interfaces::NodeState stopped;
    stopped.ref = {"Meridian Clearing", "peer1.arxanbank"};
    stopped.kind = "peer";
    stopped.phase = interfaces::NodePhase::Stopped;
    meridian.hosts["This computer"]->tell(stopped);
    page->selectNode(QStringLiteral("peer1.arxanbank"));
    studio.wait([&] { return studio.network().model()->troubled() == 3; });
    studio.shoot("overview-stopped");
    studio.network().close();
    studio.settle();
}

}  // namespace chancery::test
