#include "src/base/Sentence.h"

#include "tests/support/TestMain.h"

using namespace chancery;

class SentenceTest : public QObject {
    Q_OBJECT
private slots:
    void fillsPlaces();
    void keepsSentencesWithin();
    void takesErrors();
};

void SentenceTest::fillsPlaces() {
    const Sentence one =
        say("LOST", "{who} lost {what}, {who}.", {{"who", "A"}, {"what", "{who}"}});
    QCOMPARE(one.english, std::string("A lost {who}, A."));  // what is filled in is not looked at
    QCOMPARE(one.id, std::string("LOST"));
    QVERIFY(one.argument("what") == "{who}");
    QVERIFY(one.argument("else").empty());
    QCOMPARE(say("X", "a { b").english, std::string("a { b"));
    QCOMPARE(say("X", "a {b} c").english, std::string("a  c"));
}

void SentenceTest::keepsSentencesWithin() {
    const Sentence deepest = say("DEEPEST", "of {n}", {{"n", "3"}});
    const Sentence middle = say("MIDDLE", "because {why}", {{"k", "v"}}, deepest);
    const Sentence outer = say("OUTER", "It is {why}.", {}, middle);
    QCOMPARE(outer.english, std::string("It is because of 3."));
    QVERIFY(outer.inner("why") == middle);
    QVERIFY(outer.inner("why").inner("why") == deepest);
    QVERIFY(outer.inner("other") == Sentence());

    const Sentence plain = say("OUTER", "It is {why}.", {}, Sentence{"so"});
    QVERIFY(plain.inner("why") == Sentence{"so"});
}

void SentenceTest::takesErrors() {
    const Status status =
        makeError(StatusCode::kNotFound, "NO_SUCH_FILE", "there is none", {{"path", "/x"}});
    QVERIFY(sentenceOf(status) == say("NO_SUCH_FILE", "there is none", {{"path", "/x"}}));

    struct Finding {
        std::string reason, sentence;
        ErrorArguments arguments;
    } finding;
    tell(finding, sentenceOf(status));
    QCOMPARE(finding.reason, std::string("NO_SUCH_FILE"));
    QVERIFY(told(finding) == sentenceOf(status));
}

CHANCERY_TEST(SentenceTest)
#include "SentenceTest.moc"
