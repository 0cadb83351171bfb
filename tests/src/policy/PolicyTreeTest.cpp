#include "src/policy/PolicyTree.h"

#include "src/policy/ImplicitMetaPolicy.h"
#include "tests/src/policy/ConfigBuilder.h"
#include "tests/src/policy/VectorSigners.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::policy;
using test::addImplicitMeta;
using test::addSignaturePolicy;
using test::groupIn;
using Meta = common::ImplicitMetaPolicy;

namespace {

/// /Channel with Application (Alpha, Beta, Gamma) and Orderer (Org).
common::ConfigGroup channelConfig() {
    common::ConfigGroup root;
    auto& application = groupIn(root, "Application");
    for (const auto& [group, mspId] :
         {std::pair{"Alpha", "AlphaMSP"}, {"Beta", "BetaMSP"}, {"Gamma", "GammaMSP"}}) {
        auto& organisation = groupIn(application, group);
        addSignaturePolicy(organisation, "Readers", std::string("OR('") + mspId + ".member')");
        addSignaturePolicy(organisation, "Admins", std::string("OR('") + mspId + ".admin')");
    }
    addSignaturePolicy(groupIn(application, "Alpha"), "Endorsement", "OR('AlphaMSP.peer')");
    addImplicitMeta(application, "Readers", Meta::ANY, "Readers");
    addImplicitMeta(application, "Admins", Meta::MAJORITY, "Admins");
    addImplicitMeta(application, "All", Meta::ALL, "Readers");
    addImplicitMeta(application, "Endorsement", Meta::MAJORITY, "Endorsement");
    addImplicitMeta(application, "AnyEndorsement", Meta::ANY, "Endorsement");
    auto& orderer = groupIn(root, "Orderer");
    addSignaturePolicy(groupIn(orderer, "Org"), "Readers", "OR('OrdererPubMSP.member')");
    addImplicitMeta(orderer, "Readers", Meta::ANY, "Readers");
    addImplicitMeta(root, "Readers", Meta::ANY, "Readers");
    addImplicitMeta(root, "AlphaReaders", Meta::ANY, "Alpha/Readers");
    addImplicitMeta(root, "Absolute", Meta::ANY, "/Channel/Application/Readers");
    addImplicitMeta(root, "Nowhere", Meta::ANY, "Nothing");
    return root;
}

std::shared_ptr<const PolicyTree> treeOf(const common::ConfigGroup& config) {
    auto tree = PolicyTree::fromConfig(config, test::vectorMsps());
    if (!tree.ok()) throw std::runtime_error(test::textOf(tree));
    return *std::move(tree);
}

std::vector<identity::IdentityPtr> identitiesOf(const std::vector<std::string>& refs) {
    std::vector<identity::IdentityPtr> list;
    for (const auto& ref : refs)
        list.push_back(test::vectorMsps()->deserialize(test::vectorSigner(ref).serialized).value());
    return list;
}

const std::string kAlphaAdmin = "Admin@alpha.pub.test";
const std::string kBetaAdmin = "Admin@beta.pub.test";
const std::string kBetaUser = "User1@beta.pub.test";
const std::string kGammaUser = "User1@gamma.pub.test";

}  // namespace

class PolicyTreeTest : public QObject {
    Q_OBJECT

private slots:
    void decides_data() {
        QTest::addColumn<QString>("path");
        QTest::addColumn<QStringList>("signers");
        QTest::addColumn<bool>("satisfied");
        const auto row = [](const char* path, std::vector<std::string> signers, bool satisfied) {
            QStringList list;
            for (const auto& signer : signers) list << QString::fromStdString(signer);
            QTest::addRow("%s by %s", path, qPrintable(list.join(' ')))
                << QString(path) << list << satisfied;
        };
        row("/Channel/Application/Readers", {}, false);
        row("/Channel/Application/Readers", {kBetaUser}, true);
        row("/Channel/Application/Admins", {kAlphaAdmin}, false);
        row("/Channel/Application/Admins", {kAlphaAdmin, kBetaUser}, false);
        row("/Channel/Application/Admins", {kAlphaAdmin, kBetaAdmin}, true);
        row("/Channel/Application/All", {kAlphaAdmin, kBetaUser}, false);
        row("/Channel/Application/All", {kAlphaAdmin, kBetaUser, kGammaUser}, true);
        // One of three organisations has the policy; the others count all the same.
        row("/Channel/Application/Endorsement", {"peer0.alpha.pub.test"}, false);
        row("/Channel/Application/AnyEndorsement", {"peer0.alpha.pub.test"}, true);
        row("/Channel/Readers", {kGammaUser}, true);
        row("/Channel/Readers", {"orderer.orderers.pub.test"}, true);
        row("/Channel/AlphaReaders", {kAlphaAdmin}, true);
        row("/Channel/AlphaReaders", {kBetaUser}, false);
        row("/Channel/Absolute", {kBetaUser}, true);
        row("/Channel/Absolute", {"orderer.orderers.pub.test"}, false);
        row("/Channel/Nowhere", {kAlphaAdmin, kBetaUser}, false);
    }
    void decides() {
        QFETCH(QString, path);
        QFETCH(QStringList, signers);
        QFETCH(bool, satisfied);
        std::vector<std::string> refs;
        for (const auto& signer : signers) refs.push_back(signer.toStdString());
        const PolicyPtr policy = treeOf(channelConfig())->find(path.toStdString());
        QVERIFY(policy != nullptr);
        QCOMPARE(policy->isSatisfiedBy(identitiesOf(refs)), satisfied);
        QCOMPARE(policy->explain(identitiesOf(refs)).satisfied, satisfied);
    }

    void findsNamesAsFabricDoes_data() {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("path");  // of the policy that is found
        const auto row = [](const char* name, const char* path) {
            QTest::addRow("'%s'", name) << name << path;
        };
        row("/Channel/Readers", "/Channel/Readers");
        row("Readers", "/Channel/Readers");
        row("Application/Alpha/Readers", "/Channel/Application/Alpha/Readers");
        row("/Channel/Application/Alpha/Readers", "/Channel/Application/Alpha/Readers");
        row("", "");
        row("/", "");
        row("/Channel", "");
        row("/Channel/", "");
        row("/Channe", "");
        row("/Channel/Application", "");
        row("/Channel/Application/", "");
        row("/Channel/Application/Delta/Readers", "");
        row("/Application/Readers", "");
        row("Channel/Readers", "");
        row("//Channel/Readers", "");
        row("/Channel//Readers", "");
        row("/Channel/readers", "");
        // Fabric cuts one byte behind the path, whatever it is.
        row("/Channel.Readers", "/Channel/Readers");
        row("/ChannelX/Readers", "");
    }
    void findsNamesAsFabricDoes() {
        QFETCH(QString, name);
        QFETCH(QString, path);
        const auto tree = treeOf(channelConfig());
        const PolicyPtr policy = tree->find(name.toStdString());
        QCOMPARE(policy != nullptr, !path.isEmpty());
        if (policy) QCOMPARE(QString::fromStdString(policy->explain({}).name), path);
    }

    void aSubGroupsPolicyHidesOneWithItsName() {
        common::ConfigGroup root;
        addSignaturePolicy(root, "Group/Policy", "OR('AlphaMSP.member')");
        QVERIFY(treeOf(root)
                    ->find("/Channel/Group/Policy")
                    ->isSatisfiedBy(identitiesOf({kAlphaAdmin})));
        addSignaturePolicy(groupIn(root, "Group"), "Policy", "OR('BetaMSP.member')");
        QVERIFY(!treeOf(root)
                     ->find("/Channel/Group/Policy")
                     ->isSatisfiedBy(identitiesOf({kAlphaAdmin})));
        QVERIFY(
            treeOf(root)->find("/Channel/Group/Policy")->isSatisfiedBy(identitiesOf({kBetaUser})));
    }

    void listsPathsSorted() {
        const auto paths = treeOf(channelConfig())->paths();
        QCOMPARE(paths.size(), std::size_t{18});
        QVERIFY(std::is_sorted(paths.begin(), paths.end()));
        QVERIFY(std::find(paths.begin(), paths.end(), "/Channel/Application/Gamma/Admins") !=
                paths.end());
    }

    void refusesWhatFabricRefuses_data() {
        QTest::addColumn<int>("type");
        QTest::addColumn<QByteArray>("value");
        QTest::addColumn<QString>("says");
        const QByteArray good =
            QByteArray::fromStdString(parsePolicyText("OR('A.peer')")->SerializeAsString());
        QTest::newRow("unknown") << 0 << good << "unknown policy type 0";
        QTest::newRow("MSP") << 2 << good << "type MSP";
        QTest::newRow("foreign") << 4 << good << "unknown policy type 4";
        QTest::newRow("negative") << -1 << good << "unknown policy type -1";
        QTest::newRow("empty") << 1 << QByteArray() << "rule: missing";
        QTest::newRow("garbage") << 1 << QByteArray("\xff\xff") << "policy";
        QTest::newRow("garbage below") << 3 << QByteArray("\x0a\xff") << "policy";
        auto envelope = *parsePolicyText("OR('A.peer')");
        envelope.set_version(1);
        QTest::newRow("version") << 1 << QByteArray::fromStdString(envelope.SerializeAsString())
                                 << "version: is 1";
    }
    void refusesWhatFabricRefuses() {
        QFETCH(int, type);
        QFETCH(QByteArray, value);
        QFETCH(QString, says);
        auto config = channelConfig();
        auto& policy = *(*groupIn(groupIn(config, "Application"), "Beta").mutable_policies())["Odd"]
                            .mutable_policy();
        policy.set_type(type);
        policy.set_value(value.toStdString());
        const Status status = PolicyTree::fromConfig(config, test::vectorMsps()).status();
        QCOMPARE(reasonOf(status), std::string("BAD_POLICY"));
        QCOMPARE(argumentOf(status, "path"), std::string("/Channel/Application/Beta/Odd"));
        const std::string message(messageOf(status));
        QVERIFY2(QString::fromStdString(message).contains(says), message.c_str());
    }

    void refusesAMissingPolicy() {
        auto config = channelConfig();
        (*config.mutable_policies())["Empty"];
        const Status status = PolicyTree::fromConfig(config, test::vectorMsps()).status();
        QCOMPARE(argumentOf(status, "path"), std::string("/Channel/Empty"));
    }

    void depthIsCapped() {
        common::ConfigGroup root;
        common::ConfigGroup* group = &root;
        for (int i = 1; i < 64; ++i) group = &groupIn(*group, "G");
        addSignaturePolicy(*group, "P", "OR('AlphaMSP.member')");
        const auto tree = PolicyTree::fromConfig(root, test::vectorMsps());
        VERIFY_OK(tree);
        QCOMPARE((*tree)->paths().size(), std::size_t{1});
        QVERIFY((*tree)->find((*tree)->paths()[0]) != nullptr);
        groupIn(*group, "G");
        QCOMPARE(reasonOf(PolicyTree::fromConfig(root, test::vectorMsps()).status()),
                 std::string("BAD_POLICY"));
    }

    void sizeIsCapped() {
        common::ConfigGroup root;
        for (int i = 0; i < 65'537; ++i) addImplicitMeta(root, std::to_string(i), Meta::ANY, "P");
        const Status status = PolicyTree::fromConfig(root, test::vectorMsps()).status();
        QCOMPARE(reasonOf(status), std::string("BAD_POLICY"));
        QVERIFY(argumentOf(status, "problem").find("more than 65536") != std::string::npos);
    }

    void convertsWithEachPrincipalOnce() {
        const auto tree = treeOf(channelConfig());
        const auto converted = tree->asSignaturePolicy("/Channel/Application/Admins");
        VERIFY_OK(converted);
        QCOMPARE(*printPolicyText(*converted),
                 std::string(
                     "OutOf(2, OR('AlphaMSP.admin'), OR('BetaMSP.admin'), OR('GammaMSP.admin'))"));
        const auto channel = tree->asSignaturePolicy("/Channel/Readers");
        VERIFY_OK(channel);
        QCOMPARE(*printPolicyText(*channel),
                 std::string(
                     "OR(OR(OR('AlphaMSP.member'), OR('BetaMSP.member'), OR('GammaMSP.member')), "
                     "OR(OR('OrdererPubMSP.member')))"));
        QCOMPARE(channel->identities_size(), 4);

        auto config = channelConfig();
        addSignaturePolicy(groupIn(groupIn(config, "Application"), "Gamma"), "Readers",
                           "AND('GammaMSP.member','AlphaMSP.member')");
        const auto shared = treeOf(config)->asSignaturePolicy("/Channel/Application/All");
        VERIFY_OK(shared);
        QCOMPARE(shared->identities_size(), 3);
        QCOMPARE(*printPolicyText(*shared),
                 std::string("AND(OR('AlphaMSP.member'), OR('BetaMSP.member'), "
                             "AND('GammaMSP.member', 'AlphaMSP.member'))"));
    }

    void aSignaturePolicyConvertsToItself() {
        const auto converted =
            treeOf(channelConfig())->asSignaturePolicy("/Channel/Application/Alpha/Endorsement");
        VERIFY_OK(converted);
        QCOMPARE(converted->SerializeAsString(),
                 parsePolicyText("OR('AlphaMSP.peer')")->SerializeAsString());
    }

    void saysWhatDoesNotConvert() {
        const auto tree = treeOf(channelConfig());
        const Status status = tree->asSignaturePolicy("/Channel/Application/Endorsement").status();
        QCOMPARE(reasonOf(status), std::string("POLICY_NOT_CONVERTIBLE"));
        QCOMPARE(argumentOf(status, "group"), std::string("/Channel/Application/Beta"));
        QCOMPARE(reasonOf(tree->asSignaturePolicy("/Channel/Nothing").status()),
                 std::string("UNKNOWN_POLICY"));
    }

    void conversionIsCapped() {
        common::ConfigGroup root;
        const std::string leaves = [] {
            std::string text = "OR('A.peer'";
            for (int i = 0; i < 2000; ++i) text += ",'A.peer'";
            return text + ")";
        }();
        for (int i = 0; i < 40; ++i)
            addSignaturePolicy(groupIn(root, std::to_string(i)), "P", leaves);
        addImplicitMeta(root, "P", Meta::ANY, "P");
        QCOMPARE(reasonOf(treeOf(root)->asSignaturePolicy("/Channel/P").status()),
                 std::string("POLICY_TOO_LARGE"));
    }
};

CHANCERY_TEST(PolicyTreeTest)
#include "PolicyTreeTest.moc"
