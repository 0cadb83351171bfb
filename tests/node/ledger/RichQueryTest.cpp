#include <nlohmann/json.hpp>

#include "tests/node/ledger/LedgerMaker.h"
#include "tests/node/ledger/SmallChain.h"
#include "tests/support/TestMain.h"

using namespace chancery;
using namespace chancery::node;
using test::freshFolder;
using test::LedgerMaker;

namespace {

struct Doc {
    const char* key;
    const char* value;
};
constexpr Doc kDocs[] = {
    {"a1", R"({"type":"asset","owner":"anna","size":5,"tags":["red","small"],"at":{"x":1,"y":2}})"},
    {"a2", R"({"type":"asset","owner":"Bert","size":10,"tags":["blue"],"at":{"x":2}})"},
    {"a3", R"({"type":"asset","owner":"anna","size":7.5,"tags":[],"note":null})"},
    {"a4", R"({"type":"asset","owner":"Carl","size":-3,"tags":[1,2,3],"flag":true})"},
    {"b1", R"({"type":"bill","owner":"bert","size":"10","flag":false,"a.b":"dotted"})"},
    {"b2", R"({"type":"bill","size":9007199254740993,"owner":"Zoe","items":[{"n":1},{"n":5}]})"},
    {"b3", R"( {"type" : "bill", "size":9007199254740992, "owner":"zoe", "html":"<a&b>"} )"},
    {"c1", "not a document"},
    {"c2", R"(["a","list"])"},
    {"c3", "\x01\x02\xFF"},
};

}  // namespace

/// Mango queries, by CouchDB's rules.
class RichQueryTest : public QObject {
    Q_OBJECT

    std::unique_ptr<LedgerMaker> m_maker;

    static LedgerMaker::Body put(std::string key, std::string value) {
        return [=](protocol::ReadWriteSetBuilder& set) {
            if (!set.write("cc", key, value).ok()) throw std::runtime_error("write");
        };
    }
    static std::string keysOf(LedgerMaker& maker, const std::string& query) {
        const auto page = maker.ledger().view().value()->query("cc", query, 0, "");
        if (!page.ok()) return reasonOf(page.status()) + " " + argumentOf(page.status(), "path");
        std::string keys;
        for (const auto& row : page->rows) keys += (keys.empty() ? "" : " ") + row.key;
        return keys;
    }
    std::string select(const std::string& selector) {
        return keysOf(*m_maker, R"({"selector":)" + selector + "}");
    }

private slots:
    void initTestCase() {
        m_maker = std::make_unique<LedgerMaker>(freshFolder());
        std::vector<LedgerMaker::Tx> block;
        for (const Doc& doc : kDocs) block.push_back({put(doc.key, doc.value)});
        m_maker->commit(std::move(block));
    }

    void selectors_data() {
        QTest::addColumn<QString>("selector");
        QTest::addColumn<QString>("keys");
        const auto row = [](const char* selector, const char* keys) {
            QTest::newRow(selector) << QString(selector) << QString(keys);
        };
        row(R"({})", "a1 a2 a3 a4 b1 b2 b3");
        row(R"({"type":"asset"})", "a1 a2 a3 a4");
        row(R"({"type":"asset","owner":"anna"})", "a1 a3");
        row(R"({"type":{"$eq":"bill"}})", "b1 b2 b3");
        row(R"({"owner":"ANNA"})", "");
        row(R"({"at.x":1})", "a1");
        row(R"({"at":{"x":1}})", "a1");
        row(R"({"at":{"x":2}})", "a2");
        row(R"({"a\\.b":"dotted"})", "b1");
        row(R"({"_id":"a2"})", "a2");
        row(R"({"_id":{"$gte":"a3","$lt":"b2"}})", "a3 a4 b1");
        row(R"({"size":{"$gt":5}})", "a2 a3 b1 b2 b3");  // text comes behind numbers
        row(R"({"size":{"$gt":5,"$lt":"a"}})", "a2 a3 b1 b2 b3");
        row(R"({"size":{"$gte":5,"$lte":7.5}})", "a1 a3");
        row(R"({"size":5.0})", "a1");
        row(R"({"size":{"$lt":0}})", "a4");
        row(R"({"size":9007199254740993})", "b2");
        row(R"({"size":{"$gt":9007199254740992,"$lt":"0"}})", "b2");
        row(R"({"size":{"$ne":5}})", "a2 a3 a4 b1 b2 b3");
        row(R"({"note":{"$ne":1}})", "a3");
        row(R"({"note":null})", "a3");
        row(R"({"note":{"$exists":true}})", "a3");
        row(R"({"note":{"$exists":false},"type":"asset"})", "a1 a2 a4");
        row(R"({"flag":{"$exists":true,"$eq":true}})", "a4");
        row(R"({"flag":{"$gt":null}})", "a4 b1");
        row(R"({"flag":{"$lte":false}})", "b1");
        row(R"({"owner":{"$gt":"anna","$lt":"Carl"}})", "a2 b1");
        row(R"({"owner":{"$gt":"bert","$lte":"Bert"}})", "a2");
        row(R"({"owner":{"$in":["anna","zoe"]}})", "a1 a3 b3");
        row(R"({"tags":{"$in":["red",2]}})", "a1 a4");
        row(R"({"tags":{"$nin":["red",2]}})", "a2 a3");
        row(R"({"owner":{"$nin":["anna","zoe"]}})", "a2 a4 b1 b2");
        row(R"({"owner":{"$in":[]}})", "");
        row(R"({"tags":{"$all":["red","small"]}})", "a1");
        row(R"({"tags":{"$all":["red","large"]}})", "");
        row(R"({"tags":{"$all":[]}})", "");
        row(R"({"tags":{"$all":[["blue"]]}})", "a2");
        row(R"({"tags":{"$size":0}})", "a3");
        row(R"({"tags":{"$size":3}})", "a4");
        row(R"({"tags":{"$elemMatch":{"$gt":2,"$lt":"a"}}})", "a4");
        row(R"({"items":{"$elemMatch":{"n":5}}})", "b2");
        row(R"({"items":{"$elemMatch":{"n":6}}})", "");
        row(R"({"tags":{"$allMatch":{"$type":"number"}}})", "a4");
        row(R"({"tags":{"$allMatch":{"$type":"string"}}})", "a1 a2");
        row(R"({"at":{"$keyMapMatch":{"$eq":"y"}}})", "a1");
        row(R"({"size":{"$type":"string"}})", "b1");
        row(R"({"note":{"$type":"null"}})", "a3");
        row(R"({"flag":{"$type":"boolean"}})", "a4 b1");
        row(R"({"at":{"$type":"object"}})", "a1 a2");
        row(R"({"tags":{"$type":"array"}})", "a1 a2 a3 a4");
        row(R"({"size":{"$mod":[5,0]}})", "a1 a2");
        row(R"({"size":{"$mod":[2,-1]}})", "a4");
        row(R"({"size":{"$mod":[-5,0]}})", "a1 a2");
        row(R"({"owner":{"$regex":"^[a-c]"}})", "a1 a3 b1");
        row(R"({"owner":{"$regex":"(?i)^zo"}})", "b2 b3");
        row(R"({"owner":{"$beginsWith":"an"}})", "a1 a3");
        row(R"({"size":{"$beginsWith":"1"}})", "b1");
        row(R"({"$or":[{"owner":"anna"},{"flag":false}]})", "a1 a3 b1");
        row(R"({"$and":[{"owner":"anna"},{"size":5}]})", "a1");
        row(R"({"$and":[]})", "a1 a2 a3 a4 b1 b2 b3");
        row(R"({"$nor":[{"type":"asset"},{"owner":"zoe"}]})", "b1 b2");
        row(R"({"$not":{"type":"asset"}})", "b1 b2 b3");
        row(R"({"$not":{"note":1}})", "a3");  // others have no such field
        row(R"({"size":{"$not":{"$gt":5}}})", "a1 a4");
        row(R"({"$not":{"$or":[{"type":"asset"},{"owner":"zoe"}]}})", "b1 b2");
        row(R"({"$not":{"note":{"$exists":true}},"type":"asset"})", "a1 a2 a4");
        row(R"({"$not":{"$and":[{"type":"asset"},{"owner":"anna"}]}})", "a2 a4 b1 b2 b3");
        row(R"({"owner":{"$or":[{"$eq":"anna"},{"$eq":"zoe"}]}})", "a1 a3 b3");
        row(R"({"$not":{"owner":{"$regex":"^[A-Z]"}}})", "a1 a3 b1 b3");
        row(R"({"tags":["blue"]})", "a2");
        row(R"({"at":{}})", "");
    }
    void selectors() {
        QFETCH(QString, selector);
        QFETCH(QString, keys);
        QCOMPARE(select(selector.toStdString()), keys.toStdString());
    }

    void badQueries_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("path");
        const auto row = [](const char* query, const char* path) {
            QTest::newRow(query) << QString(query) << QString(path);
        };
        row("", "");
        row("[]", "");
        row("{", "");
        row(R"({})", "selector");
        row(R"({"selector":1})", "selector");
        row(R"({"selector":{"$foo":1}})", "selector.$foo");
        row(R"({"selector":{"a":{"$foo":1}}})", "selector.a.$foo");
        row(R"({"selector":{"$text":"x"}})", "selector.$text");
        row(R"({"selector":{"$and":{}}})", "selector.$and");
        row(R"({"selector":{"$or":[1]}})", "selector.$or[0]");
        row(R"({"selector":{"a":{"$in":1}}})", "selector.a.$in");
        row(R"({"selector":{"a":{"$size":-1}}})", "selector.a.$size");
        row(R"({"selector":{"a":{"$mod":[0,1]}}})", "selector.a.$mod");
        row(R"({"selector":{"a":{"$mod":[1]}}})", "selector.a.$mod");
        row(R"({"selector":{"a":{"$regex":"*a"}}})", "selector.a.$regex");
        row(R"({"selector":{"a":{"$regex":1}}})", "selector.a.$regex");
        row(R"({"selector":{"a":{"$exists":1}}})", "selector.a.$exists");
        row(R"({"selector":{"a":{"$type":"date"}}})", "selector.a.$type");
        row(R"({"selector":{"a":{"$elemMatch":1}}})", "selector.a.$elemMatch");
        row(R"({"selector":{},"sort":1})", "sort");
        row(R"({"selector":{},"sort":[1]})", "sort[0]");
        row(R"({"selector":{},"sort":[{"a":"up"}]})", "sort[0]");
        row(R"({"selector":{},"sort":[{"a":"asc"},{"b":"desc"}]})", "sort[1]");
        row(R"({"selector":{},"fields":"a"})", "fields");
        row(R"({"selector":{},"fields":[1]})", "fields[0]");
        row(R"({"selector":{},"limit":-1})", "limit");
        row(R"({"selector":{},"skip":"1"})", "skip");
        row(R"({"selector":{},"use_index":1})", "use_index");
    }
    void badQueries() {
        QFETCH(QString, query);
        QFETCH(QString, path);
        QCOMPARE(keysOf(*m_maker, query.toStdString()), "BAD_QUERY " + path.toStdString());
    }

    void deepQueriesAreRefused() {
        std::string deep = "1";
        for (int i = 0; i < 100; ++i) deep = R"({"a":)" + deep + "}";
        QVERIFY(select(deep).starts_with("BAD_QUERY"));
        QVERIFY(keysOf(*m_maker, R"({"selector":)" + std::string(100000, '['))
                    .starts_with("BAD_QUERY"));
        const auto view = m_maker->ledger().view().value();
        QCOMPARE(reasonOf(view->query("cc", R"({"selector":{}})", 2, "foreign").status()),
                 std::string("BAD_QUERY"));
    }

    void sorting_data() {
        QTest::addColumn<QString>("query");
        QTest::addColumn<QString>("keys");
        const auto row = [](const char* query, const char* keys) {
            QTest::newRow(query) << QString(query) << QString(keys);
        };
        row(R"({"selector":{},"sort":["size"]})", "a4 a1 a3 a2 b3 b2 b1");
        row(R"({"selector":{},"sort":[{"size":"desc"}]})", "b1 b2 b3 a2 a3 a1 a4");
        row(R"({"selector":{},"sort":["owner"]})", "a1 a3 b1 a2 a4 b3 b2");
        row(R"({"selector":{},"sort":[{"owner":"desc"}]})", "b2 b3 a4 a2 b1 a3 a1");
        row(R"({"selector":{},"sort":["type","size"]})", "a4 a1 a3 a2 b3 b2 b1");
        row(R"({"selector":{},"sort":["flag"]})", "b1 a4");
        row(R"({"selector":{"type":"asset"},"sort":["size"],"skip":1})", "a1 a3 a2");
        row(R"({"selector":{"type":"asset"},"skip":3})", "a4");
        row(R"({"selector":{"type":"asset"},"skip":9})", "");
    }
    void sorting() {
        QFETCH(QString, query);
        QFETCH(QString, keys);
        QCOMPARE(keysOf(*m_maker, query.toStdString()), keys.toStdString());
        // The same over an index, in the order of the sort.
        static LedgerMaker indexed = [] {
            LedgerMaker maker(freshFolder());
            if (!maker.ledger()
                     .createIndexes({{"cc", R"({"index":{"fields":["size"]},"name":"s"})"},
                                     {"cc", R"({"index":{"fields":["owner"]},"name":"o"})"},
                                     {"cc", R"({"index":{"fields":["type","size"]},"name":"t"})"},
                                     {"cc", R"({"index":{"fields":["flag"]},"name":"f"})"}})
                     .ok())
                throw std::runtime_error("indexes");
            std::vector<LedgerMaker::Tx> block;
            for (const Doc& doc : kDocs) block.push_back({put(doc.key, doc.value)});
            maker.commit(std::move(block));
            return maker;
        }();
        if (query.contains("sort"))
            QCOMPARE(keysOf(indexed, query.toStdString()), keys.toStdString());
    }

    void valuesComeInCanonicalForm() {
        const auto view = m_maker->ledger().view().value();
        const auto value = [&](const std::string& query) {
            const auto page = view->query("cc", query, 0, "");
            return page.ok() && page->rows.size() == 1 ? page->rows[0].value.value
                                                       : Bytes("not one row");
        };
        QCOMPARE(value(R"({"selector":{"_id":"b3"}})"),
                 Bytes(R"({"html":"\u003ca\u0026b\u003e","owner":"zoe","size":9007199254740992,)"
                       R"("type":"bill"})"));
        QCOMPARE(value(R"({"selector":{"_id":"a1"},"fields":["at.y","owner","nothing"]})"),
                 Bytes(R"({"at":{"y":2},"owner":"anna"})"));
        QCOMPARE(value(R"({"selector":{"_id":"a3"},"fields":["_id","size"]})"),
                 Bytes(R"({"size":7.5})"));
        const auto page = view->query("cc", R"({"selector":{"_id":"a3"}})", 0, "").value();
        QVERIFY(page.rows[0].value.version == (protocol::Version{1, 2}));
    }

    void pages_data() {
        QTest::addColumn<QString>("query");
        for (const char* query :
             {R"({"selector":{}})", R"({"selector":{},"sort":["size"]})",
              R"({"selector":{},"sort":[{"size":"desc"}]})", R"({"selector":{"type":"asset"}})",
              R"({"selector":{"size":{"$gt":null}},"use_index":["d","bySize"]})",
              R"({"selector":{},"skip":2})"})
            QTest::newRow(query) << QString(query);
    }
    void pages() {
        QFETCH(QString, query);
        LedgerMaker maker(freshFolder());
        std::vector<LedgerMaker::Tx> block;
        for (const Doc& doc : kDocs) block.push_back({put(doc.key, doc.value)});
        maker.commit(std::move(block));
        for (const bool indexed : {false, true}) {
            if (indexed)
                VERIFY_OK(maker.ledger().createIndexes(
                    {{"cc", R"({"index":{"fields":["size"]},"ddoc":"d","name":"bySize"})"}}));
            const std::string whole = keysOf(maker, query.toStdString());
            for (std::uint32_t size = 1; size < 9; ++size) {
                const auto view = maker.ledger().view().value();
                std::string keys, bookmark;
                for (int i = 0; i < 20; ++i) {
                    const auto page = view->query("cc", query.toStdString(), size, bookmark);
                    VERIFY_OK(page);
                    QVERIFY(page->rows.size() <= size);
                    if (page->rows.empty()) break;
                    for (const auto& row : page->rows) keys += (keys.empty() ? "" : " ") + row.key;
                    bookmark = page->bookmark;
                }
                QCOMPARE(keys, whole);
            }
        }
    }

    // With indexes or without, the same rows.
    void indexesFollowTheState() {
        const auto folder = freshFolder();
        LedgerMaker maker(folder);
        std::vector<LedgerMaker::Tx> block;
        for (const Doc& doc : kDocs) block.push_back({put(doc.key, doc.value)});
        maker.commit(std::move(block));
        const std::vector<RichIndex> indexes{
            {"cc", R"({"index":{"fields":["type","owner"]},"ddoc":"d","name":"typeOwner"})"},
            {"cc", R"({"index":{"fields":[{"size":"desc"}]},"ddoc":"d","name":"size"})"},
            {"cc", R"({"index":{"fields":["at.x"]},"ddoc":"d","name":"x","type":"json"})"},
            {"cc", R"({"index":{"fields":["owner"],"partial_filter_selector":{"flag":true}},)"
                   R"("ddoc":"d","name":"partial"})"}};
        VERIFY_OK(maker.ledger().createIndexes(indexes));
        VERIFY_OK(maker.ledger().createIndexes(indexes));
        const auto keys = [&](const std::string& selector) {
            return keysOf(maker, R"({"selector":)" + selector + "}");
        };
        // In the index's order: by owner, small letters first.
        QCOMPARE(keys(R"({"type":"bill","owner":{"$gt":null}})"), std::string("b1 b3 b2"));
        QCOMPARE(keys(R"({"type":"asset","owner":{"$gte":"anna","$lt":"c"}})"),
                 std::string("a1 a3 a2"));
        QCOMPARE(keys(R"({"type":"asset","owner":"anna"})"), std::string("a1 a3"));
        QCOMPARE(keys(R"({"size":{"$gte":5,"$lt":11}})"), std::string("a1 a3 a2"));
        QCOMPARE(keys(R"({"at.x":{"$gt":1}})"), std::string("a2"));
        QCOMPARE(keys(R"({"owner":{"$gt":"a"}})"), std::string("a1 a2 a3 a4 b1 b2 b3"));
        QCOMPARE(keysOf(maker, R"({"selector":{"owner":{"$gt":"a"}},"use_index":["d","partial"]})"),
                 std::string("a4"));
        maker.commit(put("a2", R"({"type":"bill","owner":"aaron","size":6})"));
        maker.commit({{put("b1", "")}, {put("a3", "no document any more")}});
        QCOMPARE(keys(R"({"type":"bill","owner":{"$gt":null}})"), std::string("a2 b3 b2"));
        QCOMPARE(keys(R"({"size":{"$gte":5,"$lt":11}})"), std::string("a1 a2"));
        QCOMPARE(keys(R"({"at.x":{"$gt":1}})"), std::string());
        maker.reopen();
        QCOMPARE(keys(R"({"type":"bill","owner":{"$gt":null}})"), std::string("a2 b3 b2"));
        // Defined otherwise, it is made anew.
        VERIFY_OK(maker.ledger().createIndexes(
            {{"cc", R"({"index":{"fields":["type","size"]},"ddoc":"d","name":"typeOwner"})"}}));
        QCOMPARE(keys(R"({"type":"bill","size":{"$gt":null}})"), std::string("a2 b3 b2"));
    }

    void badIndexes() {
        LedgerMaker maker(freshFolder());
        const std::pair<const char*, const char*> cases[] = {
            {"", ""},
            {"[]", ""},
            {R"({"index":{}})", "index.fields"},
            {R"({"index":{"fields":[]}})", "index.fields"},
            {R"({"index":{"fields":[1]}})", "index.fields[0]"},
            {R"({"index":{"fields":[{"a":"up"}]}})", "index.fields[0]"},
            {R"({"index":{"fields":["a"],"more":1}})", "index.more"},
            {R"({"index":{"fields":["a"]},"more":1})", "more"},
            {R"({"index":{"fields":["a"]},"type":"text"})", "type"},
            {R"({"index":{"fields":["a"]},"name":1})", "name"},
            {R"({"index":{"fields":["a"],"partial_filter_selector":{"$x":1}}})",
             "index.partial_filter_selector.$x"}};
        for (const auto& [definition, path] : cases) {
            const Status status = maker.ledger().createIndexes(
                {{"cc", R"({"index":{"fields":["ok"]},"name":"ok"})"}, {"cc", definition}});
            QCOMPARE(reasonOf(status), std::string("BAD_INDEX"));
            QCOMPARE(argumentOf(status, "path"), std::string(path));
        }
    }

    void privateDataCanBeAskedFor() {
        LedgerMaker maker(freshFolder());
        maker.commit([](protocol::ReadWriteSetBuilder& set) {
            if (!set.privateWrite("cc", "long", "k", R"({"a":1})").ok())
                throw std::runtime_error("write");
        });
        const auto view = maker.ledger().view().value();
        const auto page =
            view->query(privateNamespace("cc", "long"), R"({"selector":{"a":1}})", 0, "");
        VERIFY_OK(page);
        QCOMPARE(page->rows.size(), std::size_t{1});
        QVERIFY(view->query("nothing", R"({"selector":{}})", 0, "")->rows.empty());
    }
};

CHANCERY_TEST(RichQueryTest)
#include "RichQueryTest.moc"
