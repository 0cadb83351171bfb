#include <QTest>

#include "node/peer/AccessControl.h"
#include "node/peer/JoinedChannel.h"
#include "src/identity/Identity.h"
#include "src/usecase/ConfigFile.h"
#include "tests/support/TestMain.h"
#include "tests/support/Vectors.h"

using namespace chancery;
using namespace chancery::node;
using chancery::test::vectorFile;
using chancery::test::vectorPath;

namespace {

/// A channel of which only the configuration matters.
class ConfiguredChannel final : public ExecutionChannel {
public:
    explicit ConfiguredChannel(channel::BundlePtr bundle)
        : m_bundle(std::move(bundle)), m_id(m_bundle->channelId()) {}
    const ChannelId& channelId() const override { return m_id; }
    channel::BundlePtr bundle() const override { return m_bundle; }
    BlockNumber height() const override { return 1; }
    Result<std::unique_ptr<StateView>> view() override { return absl::UnimplementedError(""); }
    Status checkPolicy(std::string_view path, BytesView creator) const override {
        return checkChannelPolicy(*m_bundle, path, creator);
    }

private:
    channel::BundlePtr m_bundle;
    ChannelId m_id;
};

Bytes userOf(const std::string& organisation, const std::string& name) {
    const std::string user = name + "@" + organisation + ".pub.test";
    return vectorFile("msp/peerOrganizations/" + organisation + ".pub.test/users/" + user +
                      "/msp/signcerts/" + user + "-cert.pem");
}

Bytes peerOf(const std::string& organisation) {
    const std::string peer = "peer0." + organisation + ".pub.test";
    return vectorFile("msp/peerOrganizations/" + organisation + ".pub.test/peers/" + peer +
                      "/msp/signcerts/" + peer + "-cert.pem");
}

Bytes extra(const std::string& name) {
    return vectorFile("msp/extra/" + name + "/cert.pem");
}

Bytes as(const char* mspId, const Bytes& pem) {
    return identity::serializeIdentity(MspId(mspId), pem);
}

/// What guards a resource of the peer, and the policy that its refusal names.
struct Guarded {
    const char* resource;
    const char* policy;
    bool isLocal;   ///< asked of the peer's own organisation, not of the channel
    bool isAdmins;  ///< a client is not enough
};
constexpr Guarded kGuarded[] = {
    {"cscc/JoinChain", "Admins", true, true},
    {"_lifecycle/InstallChaincode", "Admins", true, true},
    {"snapshot/submitrequest", "Admins", true, true},
    {"cscc/GetChannels", "Members", true, false},
    {"peer/Propose", "/Channel/Application/Writers", false, false},
    {"_lifecycle/CommitChaincodeDefinition", "/Channel/Application/Writers", false, false},
    {"qscc/GetChainInfo", "/Channel/Application/Readers", false, false},
    {"event/Block", "/Channel/Application/Readers", false, false},
    {"gateway/CommitStatus", "/Channel/Application/Readers", false, false},
};

}  // namespace

/// Case C9 of what nodes must withstand: who claims another organisation, is no member, or has not
/// the role that is needed, is refused, and told which policy refuses.
class AccessAbuseTest : public QObject {
    Q_OBJECT

    std::unique_ptr<ConfiguredChannel> m_channel;
    std::unique_ptr<AccessControl> m_access;

private Q_SLOTS:
    void initTestCase() {
        const auto file = usecase::readWholeConfig(vectorPath("config/genesis_tradechannel.block"));
        VERIFY_OK(file);
        auto bundle = channel::Bundle::fromConfig(file->channel, *file->config);
        VERIFY_OK(bundle);
        m_channel = std::make_unique<ConfiguredChannel>(*std::move(bundle));
        auto own = identity::Msp::fromFolder(vectorPath("msp/peerOrganizations/alpha.pub.test/msp"),
                                             MspId("AlphaMSP"), identity::MspVersion::V1_4_3);
        VERIFY_OK(own);
        m_access = std::make_unique<AccessControl>(*std::move(own));
    }

    void refused_data() {
        QTest::addColumn<QByteArray>("resource");
        QTest::addColumn<QByteArray>("policy");
        QTest::addColumn<QByteArray>("creator");
        const Bytes alpha = userOf("alpha", "User1");
        const Bytes beta = userOf("beta", "User1");
        const std::string orderer =
            "msp/ordererOrganizations/orderers.pub.test/users/Admin@orderers.pub.test/msp/"
            "signcerts/Admin@orderers.pub.test-cert.pem";
        for (const Guarded& guarded : kGuarded) {
            const auto row = [&](const char* what, const Bytes& creator) {
                QTest::addRow("%s: %s", guarded.resource, what)
                    << QByteArray(guarded.resource) << QByteArray(guarded.policy)
                    << QByteArray::fromStdString(creator);
            };
            // Valid certificates of another organisation than the one that is claimed.
            row("Beta's user claims Alpha", as("AlphaMSP", beta));
            row("Beta's admin claims Alpha", as("AlphaMSP", userOf("beta", "Admin")));
            row("Beta's peer claims Alpha", as("AlphaMSP", peerOf("beta")));
            row("Alpha's user claims Beta", as("BetaMSP", alpha));
            row("Alpha's admin claims the orderers", as("OrdererPubMSP", userOf("alpha", "Admin")));
            // Nobody's members.
            row("an MSP that nobody has", as("NoMSP", alpha));
            row("no MSP", as("", alpha));
            row("another case", as("alphamsp", alpha));
            row("a space behind", as("AlphaMSP ", alpha));
            row("a CA of the same name", as("AlphaMSP", extra("foreign_same_subject")));
            row("another CA", as("AlphaMSP", extra("foreign_ca")));
            row("issued for TLS", as("AlphaMSP", extra("tls_ca_issued")));
            row("an administrator of the orderers", as("OrdererPubMSP", vectorFile(orderer)));
            row("no bytes", "");
            row("no identity", "\xff\xff\xff");
            row("no certificate", as("AlphaMSP", "-----BEGIN CERTIFICATE-----"));
            // Members without a role count for nothing where units give roles.
            row("no unit", as("AlphaMSP", extra("no_ou")));
            row("two roles", as("AlphaMSP", extra("two_role_ous")));
            if (guarded.isLocal) {
                row("Beta's user", as("BetaMSP", beta));
                row("Beta's admin", as("BetaMSP", userOf("beta", "Admin")));
            }
            if (!guarded.isAdmins) continue;
            row("a client where an administrator is needed", as("AlphaMSP", alpha));
            row("a peer where an administrator is needed", as("AlphaMSP", peerOf("alpha")));
            row("an orderer where an administrator is needed", as("AlphaMSP", extra("orderer_ou")));
        }
    }

    void refused() {
        QFETCH(QByteArray, resource);
        QFETCH(QByteArray, policy);
        QFETCH(QByteArray, creator);
        const Status status =
            m_access->check(resource.toStdString(), m_channel.get(), creator.toStdString());
        QCOMPARE(status.code(), StatusCode::kPermissionDenied);
        QVERIFY(!reasonOf(status).empty());
        const std::string text(messageOf(status));
        QVERIFY2(text.find("policy [" + policy.toStdString() + "]") != std::string::npos,
                 text.c_str());
    }

    /// The same doors open to those for whom they are.
    void admitted() {
        for (const Guarded& guarded : kGuarded) {
            VERIFY_OK(m_access->check(guarded.resource, m_channel.get(),
                                      as("AlphaMSP", userOf("alpha", "Admin"))));
            if (guarded.isAdmins) continue;
            VERIFY_OK(m_access->check(guarded.resource, m_channel.get(),
                                      as("AlphaMSP", userOf("alpha", "User1"))));
            if (!guarded.isLocal)
                VERIFY_OK(m_access->check(guarded.resource, m_channel.get(),
                                          as("BetaMSP", userOf("beta", "User1"))));
        }
    }
};

CHANCERY_TEST(AccessAbuseTest)
#include "AccessAbuseTest.moc"
