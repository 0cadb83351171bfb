#include "src/policy/Outage.h"

#include "fabric/common/policies.pb.h"
#include "src/policy/SatisfyingSets.h"
#include "src/policy/SignaturePolicy.h"
#include "tests/src/policy/ConfigBuilder.h"
#include "tests/src/policy/RandomPolicy.h"
#include "tests/src/policy/VectorSigners.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::policy;

namespace {

NamedPolicyRef named(std::string_view text) {
    return {std::string(text), *compileSignaturePolicy(*parsePolicyText(text), test::vectorMsps())};
}

QString shown(const Outage& outage) {
    QStringList lines;
    for (const auto& name : outage.stopped) lines << "stopped " + QString::fromStdString(name);
    for (const auto& name : outage.never) lines << "never " + QString::fromStdString(name);
    for (const auto& [mspId, names] : outage.indispensable)
        lines << QString("%1 %2").arg(QString::fromStdString(mspId.str())).arg(names.size());
    return lines.join("; ");
}

}  // namespace

class OutageTest : public QObject {
    Q_OBJECT

private slots:
    void tellsWhatStops_data() {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QStringList>("down");
        QTest::addColumn<QString>("outage");
        const auto row = [](const char* text, QStringList down, const char* outage) {
            QTest::addRow("%s without %s", text, qPrintable(down.join(' ')))
                << QString(text) << down << QString(outage);
        };
        row("OR('AlphaMSP.peer','BetaMSP.peer')", {"AlphaMSP"}, "");
        row("OR('AlphaMSP.peer','BetaMSP.peer')", {"AlphaMSP", "BetaMSP"},
            "stopped OR('AlphaMSP.peer','BetaMSP.peer')");
        row("AND('AlphaMSP.peer','BetaMSP.peer')", {}, "AlphaMSP 1; BetaMSP 1");
        row("AND('AlphaMSP.peer','BetaMSP.peer')", {"BetaMSP"},
            "stopped AND('AlphaMSP.peer','BetaMSP.peer'); AlphaMSP 1; BetaMSP 1");
        row("AND('AlphaMSP.peer',OR('BetaMSP.peer','GammaMSP.peer'))", {"BetaMSP"}, "AlphaMSP 1");
        row("OutOf(2,'AlphaMSP.peer','AlphaMSP.admin','BetaMSP.peer')", {"BetaMSP"}, "AlphaMSP 1");
        row("AND('AlphaMSP.peer','NowhereMSP.peer')", {"BetaMSP"},
            "never AND('AlphaMSP.peer','NowhereMSP.peer')");
        row("OutOf(2,'AlphaMSP.peer')", {}, "never OutOf(2,'AlphaMSP.peer')");
        row("OutOf(0,'AlphaMSP.peer')", {"AlphaMSP"}, "");
        // With enough identities the OR's greed does not matter.
        row("OutOf(2,OR('AlphaMSP.peer','BetaMSP.peer'),'BetaMSP.peer')", {"AlphaMSP"},
            "BetaMSP 1");
    }
    void tellsWhatStops() {
        QFETCH(QString, text);
        QFETCH(QStringList, down);
        QFETCH(QString, outage);
        std::set<MspId> ids;
        for (const auto& name : down) ids.insert(MspId(name.toStdString()));
        QCOMPARE(shown(outageWithout(ids, {named(text.toStdString())})), outage);
    }

    void aSingleIdentityDoesNotServeTwice() {
        common::SignaturePolicyEnvelope envelope;
        auto& principal = *envelope.add_identities();
        principal.set_principal_classification(common::MSPPrincipal::IDENTITY);
        principal.set_principal(test::vectorSigner("User1@alpha.pub.test").serialized);
        auto& gate = *envelope.mutable_rule()->mutable_n_out_of();
        gate.add_rules()->set_signed_by(0);
        gate.add_rules()->set_signed_by(0);
        gate.set_n(1);
        QCOMPARE(shown(outageWithout(
                     {}, {{"P", *compileSignaturePolicy(envelope, test::vectorMsps())}})),
                 QString("AlphaMSP 1"));
        gate.set_n(2);
        QCOMPARE(shown(outageWithout(
                     {}, {{"P", *compileSignaturePolicy(envelope, test::vectorMsps())}})),
                 QString("never P"));
        QVERIFY(minimalSatisfyingSets(envelope)->sets.empty());
        QVERIFY(minimalOrganisationSets(envelope)->empty());
    }

    void tellsForAWholeChannel() {
        common::ConfigGroup root;
        auto& application = test::groupIn(root, "Application");
        for (const auto& [group, mspId] :
             {std::pair{"Alpha", "AlphaMSP"}, {"Beta", "BetaMSP"}, {"Gamma", "GammaMSP"}})
            test::addSignaturePolicy(test::groupIn(application, group), "Admins",
                                     std::string("OR('") + mspId + ".admin')");
        test::addImplicitMeta(application, "Admins", common::ImplicitMetaPolicy::MAJORITY,
                              "Admins");
        test::addImplicitMeta(application, "All", common::ImplicitMetaPolicy::ALL, "Admins");
        const auto tree = PolicyTree::fromConfig(root, test::vectorMsps());
        VERIFY_OK(tree);
        const Outage one = outageWithout({MspId("BetaMSP")}, policiesOf(**tree));
        QCOMPARE(one.stopped, (std::vector<std::string>{"/Channel/Application/All",
                                                        "/Channel/Application/Beta/Admins"}));
        QVERIFY(one.never.empty());
        QCOMPARE(one.indispensable.size(), std::size_t{3});
        QCOMPARE(one.indispensable[1].policies, one.stopped);
        const Outage two = outageWithout({MspId("BetaMSP"), MspId("AlphaMSP")}, policiesOf(**tree));
        QCOMPARE(two.stopped.size(), std::size_t{4});
    }

    // An organisation is indispensable exactly when every minimal set of organisations has it.
    void agreesWithTheOrganisationSets() {
        const auto roles = parsePolicyText(
            "OR('AlphaMSP.peer','BetaMSP.peer','GammaMSP.peer','LegacyMSP.member')");
        for (std::uint32_t seed = 0; seed < 500; ++seed) {
            test::RandomPolicy random(seed, 4);
            common::SignaturePolicyEnvelope envelope = *roles;
            random.fillGate(*envelope.mutable_rule(), 3);
            const auto sets = minimalOrganisationSets(envelope);
            VERIFY_OK(sets);
            const Outage outage =
                outageWithout({}, {{"P", *compileSignaturePolicy(envelope, test::vectorMsps())}});
            QCOMPARE(outage.never.empty(), !sets->empty());
            std::set<MspId> indispensable;
            for (const auto& organisation : outage.indispensable)
                indispensable.insert(organisation.mspId);
            for (const char* name : {"AlphaMSP", "BetaMSP", "GammaMSP", "LegacyMSP"}) {
                const bool inAll =
                    !sets->empty() &&
                    std::all_of(sets->begin(), sets->end(), [name](const auto& set) {
                        return std::find(set.begin(), set.end(), MspId(name)) != set.end();
                    });
                QCOMPARE(indispensable.contains(MspId(name)), inAll);
            }
        }
    }
};

CHANCERY_TEST(OutageTest)
#include "OutageTest.moc"
