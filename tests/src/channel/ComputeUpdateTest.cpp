#include <google/protobuf/util/message_differencer.h>

#include <regex>

#include "src/channel/Update.h"
#include "tests/src/channel/ConfigFiles.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::channel;
using namespace chancery::test;
using google::protobuf::util::MessageDifferencer;

namespace {

/// Some updates were spoilt by hand after the tool had computed them; the orderer's refusal in the
/// facts tells how. Does the same to ours.
void spoilAs(const std::string& error, ::common::ConfigUpdate& update) {
    std::smatch match;
    static const std::regex jump(
        R"(attempt to set key \[Value\]  /Channel/Application/(\w+)/(\w+) to version (\d+))");
    static const std::regex readVersion(
        R"(requires that key \[Group\]  /Channel be at version (\d+))");
    if (std::regex_search(error, match, jump)) {
        auto& application = update.mutable_write_set()->mutable_groups()->at("Application");
        auto& organisation = application.mutable_groups()->at(match[1]);
        organisation.mutable_values()->at(match[2]).set_version(std::stoull(match[3]));
    } else if (std::regex_search(error, match, readVersion)) {
        update.mutable_read_set()->set_version(std::stoull(match[1]));
    } else if (error.find("delta set was empty") != std::string::npos) {
        update.clear_write_set();
    }
}

bool isOfEarlierCase(std::size_t index, const ::common::ConfigUpdate& update) {
    for (std::size_t i = 0; i < index; ++i) {
        const auto& row = configCases()[i];
        if (!row.at("accepted").get<bool>()) continue;
        const auto computed =
            computeUpdate(ChannelId(row.at("channel").get<std::string>()), originalOf(row),
                          vectorMessage<::common::Config>(folderOf(row) + "/modified.pb"));
        if (computed.ok() && MessageDifferencer::Equals(*computed, update)) return true;
    }
    return false;
}

}  // namespace

class ComputeUpdateTest : public QObject {
    Q_OBJECT
private slots:
    void equalsTheTool_data();
    void equalsTheTool();
    void bftUpdate();
    void emptyTrees();
    void newGroupsStartAtVersionZero();
};

void ComputeUpdateTest::equalsTheTool_data() {
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < configCases().size(); ++i)
        QTest::newRow(configCases()[i].at("case").get<std::string>().c_str())
            << static_cast<int>(i);
}

void ComputeUpdateTest::equalsTheTool() {
    QFETCH(int, index);
    const auto& row = configCases()[static_cast<std::size_t>(index)];
    const std::string folder = folderOf(row);
    const auto modified = vectorMessage<::common::Config>(folder + "/modified.pb");
    // The tool is told the channel's name; one case names another channel.
    ::common::ConfigUpdate expected;
    if (std::filesystem::exists(vectorPath(folder + "/update.pb")))
        expected = vectorMessage<::common::ConfigUpdate>(folder + "/update.pb");
    auto update = computeUpdate(ChannelId(expected.channel_id()), originalOf(row), modified);
    const std::string error = row.value("error", "");
    if (error.starts_with("compute_update")) {
        QVERIFY(error.find("no differences") != std::string::npos);
        QCOMPARE(reasonOf(update.status()), std::string("NO_DIFFERENCE"));
        return;
    }
    if (!update.ok()) {
        // An old update that was sent again: the configuration in force already says all of it.
        QCOMPARE(reasonOf(update.status()), std::string("NO_DIFFERENCE"));
        QVERIFY(!row.at("accepted").get<bool>());
        QVERIFY(isOfEarlierCase(static_cast<std::size_t>(index), expected));
        return;
    }
    spoilAs(error, *update);
    std::string report;
    MessageDifferencer differencer;
    differencer.ReportDifferencesToString(&report);
    QVERIFY2(differencer.Compare(expected, *update), report.c_str());
}

void ComputeUpdateTest::bftUpdate() {
    const auto expected = vectorMessage<::common::ConfigUpdate>("bft/update.pb");
    const auto update = computeUpdate(ChannelId(expected.channel_id()),
                                      vectorMessage<::common::Config>("bft/original.pb"),
                                      vectorMessage<::common::Config>("bft/modified.pb"));
    VERIFY_OK(update);
    QVERIFY(MessageDifferencer::Equals(expected, *update));
}

void ComputeUpdateTest::emptyTrees() {
    ::common::Config without;
    ::common::Config empty;
    empty.mutable_channel_group();
    const ChannelId channel("c");
    QCOMPARE(reasonOf(computeUpdate(channel, without, empty).status()),
             std::string("NO_CHANNEL_GROUP"));
    QCOMPARE(reasonOf(computeUpdate(channel, empty, without).status()),
             std::string("NO_CHANNEL_GROUP"));
    QCOMPARE(reasonOf(computeUpdate(channel, empty, empty).status()), std::string("NO_DIFFERENCE"));
}

void ComputeUpdateTest::newGroupsStartAtVersionZero() {
    ::common::Config original;
    original.mutable_channel_group()->set_version(5);
    ::common::Config updated = original;
    auto& added = (*updated.mutable_channel_group()->mutable_groups())["Application"];
    added.set_version(9);
    added.set_mod_policy("Admins");
    auto& value = (*added.mutable_values())["ACLs"];
    value.set_version(4);
    value.set_value("x");
    const auto update = computeUpdate(ChannelId("c"), original, updated);
    VERIFY_OK(update);
    QCOMPARE(update->write_set().version(), std::uint64_t(6));
    const auto& group = update->write_set().groups().at("Application");
    QCOMPARE(group.version(), std::uint64_t(0));
    QCOMPARE(group.mod_policy(), std::string("Admins"));
    QCOMPARE(group.values().at("ACLs").version(), std::uint64_t(0));
    QCOMPARE(group.values().at("ACLs").value(), std::string("x"));
    QVERIFY(update->read_set().groups().empty());
}

CHANCERY_TEST(ComputeUpdateTest)
#include "ComputeUpdateTest.moc"
