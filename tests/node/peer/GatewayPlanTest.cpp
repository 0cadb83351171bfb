#include "node/peer/GatewayPlan.h"

#include <fmt/format.h>

#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;

/// In which order endorsers are asked, and when a layout is complete.
class GatewayPlanTest : public QObject {
    Q_OBJECT
private slots:
    void sorting();
    void oneOfEach();
    void nextPeerOfAGroup();
    void nextLayout();
    void firstEndorserCounts();
    void preferredLayoutsFirst();
    void mismatch();
    void severalOfOneGroup();
    void peerInTwoGroups();
    void notEnoughPeers();
};

namespace {

ChannelPeerPtr peer(const std::string& name, BlockNumber height = 1, bool isSelf = false) {
    auto made = std::make_shared<ChannelPeer>();
    made->endpoint = name;
    made->height = height;
    made->isSelf = isSelf;
    return made;
}

ProposalResponsePtr response(BytesView payload) {
    auto made = std::make_shared<protocol::ProposalResponse>();
    made->payload = payload;
    return made;
}

std::string textOf(const std::vector<GatewayPlan::Pick>& picks) {
    std::vector<std::string> names;
    for (const auto& pick : picks) names.push_back(pick.peer->endpoint);
    return fmt::format("{}", fmt::join(names, ","));
}

}  // namespace

void GatewayPlanTest::sorting() {
    std::vector<ChannelPeerPtr> peers{peer("a", 3), peer("b", 7), peer("self", 7, true),
                                      peer("c", 9)};
    sortForAsking(peers);
    std::string names;
    for (const auto& sorted : peers) names += sorted->endpoint + " ";
    QCOMPARE(names, std::string("c self b a "));
}

void GatewayPlanTest::oneOfEach() {
    const auto a = peer("a"), b = peer("b");
    auto plan = GatewayPlan::oneOfEach({{a}, {b}});
    QCOMPARE(textOf(plan.next()), std::string("a,b"));
    QVERIFY(plan.accept(b, response("x")));
    QVERIFY(!plan.isComplete());
    QVERIFY(plan.accept(a, response("x")));
    QVERIFY(plan.isComplete());
    QCOMPARE(plan.endorsements().size(), std::size_t(2));
}

void GatewayPlanTest::nextPeerOfAGroup() {
    auto plan = GatewayPlan::oneOfEach({{peer("a"), peer("b")}});
    QCOMPARE(textOf(plan.next()), std::string("a"));
    QCOMPARE(plan.instead(0)->peer->endpoint, std::string("b"));
    QVERIFY(!plan.instead(0));
    QVERIFY(plan.next().empty());
}

void GatewayPlanTest::nextLayout() {
    const auto a = peer("a"), b = peer("b"), c = peer("c");
    GatewayPlan plan({{a}, {b}, {c}}, {{{0, 1}, {1, 1}}, {{0, 1}, {2, 1}}});
    QCOMPARE(textOf(plan.next()), std::string("a,b"));
    QVERIFY(plan.accept(a, response("x")));
    QVERIFY(!plan.instead(1));
    // What a has endorsed is not asked for again.
    QCOMPARE(textOf(plan.next()), std::string("c"));
    QVERIFY(plan.accept(c, response("x")));
    QVERIFY(plan.isComplete());
    QCOMPARE(plan.endorsements().size(), std::size_t(2));
}

void GatewayPlanTest::firstEndorserCounts() {
    const auto a = peer("a"), b = peer("b");
    EndorsementLayouts layouts;
    layouts.groups = {{a}, {b}};
    layouts.layouts = {{{0, 1}}, {{1, 1}}};
    auto plan = GatewayPlan::fromLayouts(layouts, a.get());
    QVERIFY(plan.accept(a, response("x")));
    QVERIFY(plan.isComplete());
}

void GatewayPlanTest::preferredLayoutsFirst() {
    const auto a = peer("a"), b = peer("b"), c = peer("c");
    EndorsementLayouts layouts;
    layouts.groups = {{a}, {b}, {c}};
    layouts.layouts = {{{1, 1}, {2, 1}}, {{0, 1}, {1, 1}}};
    for (int i = 0; i < 20; ++i) {
        auto plan = GatewayPlan::fromLayouts(layouts, a.get());
        QVERIFY(plan.accept(a, response("x")));
        QCOMPARE(textOf(plan.next()), std::string("b"));
    }
}

void GatewayPlanTest::mismatch() {
    const auto a = peer("a"), b = peer("b"), c = peer("c");
    auto plan = GatewayPlan::oneOfEach({{a}, {b, c}});
    QCOMPARE(textOf(plan.next()), std::string("a,b"));
    QVERIFY(plan.accept(a, response("x")));
    QVERIFY(!plan.accept(b, response("y")));
    QCOMPARE(plan.instead(1)->peer->endpoint, std::string("c"));
    QVERIFY(plan.accept(c, response("x")));
    QVERIFY(plan.isComplete());
    QCOMPARE(plan.endorsements().size(), std::size_t(2));
}

void GatewayPlanTest::severalOfOneGroup() {
    const auto a = peer("a"), b = peer("b"), c = peer("c");
    GatewayPlan plan({{a, b, c}}, {{{0, 2}}});
    QCOMPARE(textOf(plan.next()), std::string("a,b"));
    QCOMPARE(plan.instead(0)->peer->endpoint, std::string("c"));
    QVERIFY(plan.accept(b, response("x")));
    QVERIFY(!plan.isComplete());
    QVERIFY(plan.accept(c, response("x")));
    QVERIFY(plan.isComplete());
}

// A peer of an organisation is a member of it too; its one signature counts once.
void GatewayPlanTest::peerInTwoGroups() {
    const auto a = peer("a"), b = peer("b");
    GatewayPlan plan({{a, b}, {a, b}}, {{{0, 1}, {1, 1}}});
    QCOMPARE(textOf(plan.next()), std::string("a,b"));
    QVERIFY(plan.accept(a, response("x")));
    QVERIFY(!plan.isComplete());
    QVERIFY(plan.accept(b, response("x")));
    QVERIFY(plan.isComplete());
}

void GatewayPlanTest::notEnoughPeers() {
    const auto a = peer("a"), b = peer("b");
    GatewayPlan plan({{a}, {b}}, {{{0, 2}}, {{1, 1}}});
    QCOMPARE(textOf(plan.next()), std::string("b"));
}

CHANCERY_TEST(GatewayPlanTest)
#include "GatewayPlanTest.moc"
