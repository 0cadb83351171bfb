#include "src/channel/Elements.h"

#include "fabric/common/configuration.pb.h"
#include "src/channel/Capabilities.h"
#include "src/channel/ChangeList.h"
#include "src/channel/ConfigMap.h"
#include "tests/src/channel/ConfigFiles.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;
using namespace chancery::test;

class ElementsTest : public QObject {
    Q_OBJECT
private slots:
    void names();
    void modPolicies();
    void flattenAndRebuild();
    void capabilities_data();
    void capabilities();
    void words();
};

void ElementsTest::names() {
    for (const std::string& name : {std::string("a"), std::string("A.b-C9"), std::string("..."),
                                    std::string("-"), std::string(249, 'x')})
        VERIFY_OK(checkElementName(name));
    for (const std::string& name :
         {std::string(), std::string("."), std::string(".."), std::string("a_b"),
          std::string("a b"), std::string("a/b"), std::string("\u00e4"), std::string("a\0b", 3),
          std::string(250, 'x')})
        QCOMPARE(reasonOf(checkElementName(name)), std::string("BAD_NAME"));
}

void ElementsTest::modPolicies() {
    for (const char* policy : {"Admins", "/Channel/Application/Admins", "A/B/C", "/Admins"})
        VERIFY_OK(checkModPolicy(policy));
    for (const char* policy : {"", "/", "//", "Admins/", "/Channel//Admins", "a_b", "../Admins"})
        QCOMPARE(reasonOf(checkModPolicy(policy)), std::string("BAD_MOD_POLICY"));
}

void ElementsTest::flattenAndRebuild() {
    const auto root =
        configEnvelopeOf(vectorMessage<::common::Block>("config/last_config_tradechannel.block"))
            .config()
            .channel_group();
    const auto map = flatten(root);
    VERIFY_OK(map);
    const auto& batch = map->at({"/Channel/Orderer/BatchSize", ElementKind::Value});
    QCOMPARE(batch.version(), std::uint64_t(1));
    QCOMPARE(batch.modPolicy(), std::string("Admins"));
    QVERIFY(map->contains({"/Channel", ElementKind::Group}));
    QVERIFY(map->contains({"/Channel/Application/Gamma", ElementKind::Group}));
    QVERIFY(!map->contains({"/Channel/Application/Gamma", ElementKind::Value}));
    const ElementKey group{"/Channel/Application/Gamma", ElementKind::Group};
    const ElementKey value{"/Channel/Application/Gamma/MSP", ElementKind::Value};
    QVERIFY(group.rulingGroup() == "/Channel/Application/Gamma");
    QVERIFY(value.rulingGroup() == "/Channel/Application/Gamma");
    QCOMPARE(printKey(value), std::string("[Value] /Channel/Application/Gamma/MSP"));
    const auto rebuilt = rebuild(*map);
    VERIFY_OK(rebuilt);
    QCOMPARE(rebuilt->groups().size(), root.groups().size());
    auto without = *map;
    without.erase({"/Channel/Orderer/BatchSize", ElementKind::Value});
    const Status missing = rebuild(without).status();
    QCOMPARE(reasonOf(missing), std::string("MISSING_ELEMENT"));
    QCOMPARE(argumentOf(missing, "path"), std::string("/Channel/Orderer/BatchSize"));
}

void ElementsTest::capabilities_data() {
    QTest::addColumn<std::string>("level");
    QTest::addColumn<std::string>("name");
    QTest::addColumn<std::string>("turnsOn");
    const auto row = [](const char* level, const char* name, const char* turnsOn) {
        QTest::newRow((std::string(level) + " " + name).c_str())
            << std::string(level) << std::string(name) << std::string(turnsOn);
    };
    // Fact sheet A §4.3: letters stand for what is turned on.
    row("channel", "", "0");
    row("channel", "V1_1", "1");
    row("channel", "V1_3", "3");
    row("channel", "V1_4_2", "3em");
    row("channel", "V1_4_3", "4em");
    row("channel", "V2_0", "4em");
    row("channel", "V3_0", "5emb");
    row("channel", "V9_9", "0?");
    row("orderer", "V1_1", "rx");
    row("orderer", "V1_4_2", "rxm");
    row("orderer", "V2_0", "rxm");
    row("orderer", "V3_0", "?");
    row("application", "V1_1", "d");
    row("application", "V1_2", "dapc");
    row("application", "V1_3", "dapck");
    row("application", "V1_4_2", "dapcks");
    row("application", "V2_0", "dapcksl");
    row("application", "V2_5", "dapckslu");
    row("application", "V1_1_PVTDATA_EXPERIMENTAL", "p");
    row("application", "V1_1_RESOURCETREE_EXPERIMENTAL", "");
    row("application", "V3_0", "?");
}

void ElementsTest::capabilities() {
    QFETCH(std::string, level);
    QFETCH(std::string, name);
    QFETCH(std::string, turnsOn);
    ::common::Capabilities with;
    if (!name.empty()) (*with.mutable_capabilities())[name];
    const ::common::Capabilities none;
    const bool channel = level == "channel";
    const bool orderer = level == "orderer";
    const Capabilities all = readCapabilities(channel ? with : none, orderer ? with : none,
                                              channel || orderer ? none : with);
    std::string on;
    if (channel) {
        using V = identity::MspVersion;
        on += all.mspVersion == V::V3_0     ? '5'
              : all.mspVersion == V::V1_4_3 ? '4'
              : all.mspVersion == V::V1_3   ? '3'
              : all.mspVersion == V::V1_1   ? '1'
                                            : '0';
    }
    const auto add = [&](bool value, char letter) {
        if (value) on += letter;
    };
    add(all.orgOrdererEndpoints, 'e');
    add(all.resubmission, 'r');
    add(all.expirationCheck, 'x');
    add(channel ? all.channelConsensusMigration : all.ordererConsensusMigration, 'm');
    add(all.consensusTypeBft, 'b');
    add(all.forbidsDuplicateTxIdInBlock, 'd');
    add(all.acls, 'a');
    add(all.privateData, 'p');
    add(all.collectionUpgrade, 'c');
    add(all.keyLevelEndorsement, 'k');
    add(all.storesPrivateDataOfInvalidTx, 's');
    add(all.newLifecycle, 'l');
    add(all.purgePrivateData, 'u');
    const CapabilityLevel at = channel   ? CapabilityLevel::Channel
                               : orderer ? CapabilityLevel::Orderer
                                         : CapabilityLevel::Application;
    add(!checkSupported(all, at).ok(), '?');
    QCOMPARE(on, turnsOn);
}

void ElementsTest::words() {
    QCOMPARE(describeSize(0), std::string("0 bytes"));
    QCOMPARE(describeSize(1), std::string("1 byte"));
    QCOMPARE(describeSize(1024), std::string("1 KiB"));
    QCOMPARE(describeSize(1025), std::string("1025 bytes"));
    QCOMPARE(describeSize(3u << 20), std::string("3 MiB"));
    QCOMPARE(describeDuration("0s"), std::string("0 s"));
    QCOMPARE(describeDuration("2s"), std::string("2 s"));
    QCOMPARE(describeDuration("1500ms"), std::string("1.5 s"));
    QCOMPARE(describeDuration("90m"), std::string("1 h 30 min"));
    QCOMPARE(describeDuration("3m0s"), std::string("3 min"));
    QCOMPARE(describeDuration("-1s"), std::string("-1 s"));
    QCOMPARE(describeDuration(""), std::string("\"\" (no duration)"));
}

CHANCERY_TEST(ElementsTest)
#include "ElementsTest.moc"
