//! The label of a figure: which of the words around it decide, subject by subject.

use super::claim::{Act, Blocks, Label};
use super::lexicon::{self, Tag};
use super::meaning::{Reading, group_bits, is_subject};
use super::number::Unit;
use super::read::{State, Topic};
use super::sentence::{Item, Token, counted};
use std::ops::Range;

impl Reading<'_> {
    pub(super) fn label(
        &self,
        state: &State,
        lead: &Range<usize>,
        trail: &Range<usize>,
        window: &Range<usize>,
    ) -> Label {
        let s = self.sentence;
        // 增加到34件 says what became of it, not by how much.
        if s.has(lead, Tag::Reach) {
            return Label::Reached;
        }
        if s.has(trail, Tag::Reach) {
            return Label::Before;
        }
        // 无一起行政诉讼 is none.
        if s.tags(lead).any(|t| matches!(t, Tag::Not | Tag::NotReceived | Tag::NotIssued)) {
            return Label::Unclear;
        }
        let growth = s.tags(lead).rev().find_map(|t| match t {
            Tag::Up => Some(true),
            Tag::Down => Some(false),
            _ => None,
        });
        match self.number.unit {
            Unit::Percent => {
                return match growth {
                    Some(up) => Label::Growth(up),
                    None if s.has(lead, Tag::Share) || self.of_last(lead) => Label::Share,
                    None => Label::Unclear,
                };
            }
            Unit::Yuan => {
                return if state.topic == Topic::Fee { Label::FeeSum } else { Label::Unclear };
            }
            Unit::Bare => {
                let said = self.number.from.checked_sub(1).and_then(|i| self.line.chars.get(i));
                let next = s.tokens.get(self.at + 1).map(|t| t.item);
                if said != Some(&'为') || !matches!(next, None | Some(Item::Mark(_))) {
                    return Label::Unclear;
                }
            }
            Unit::Case | Unit::Loose => {}
            _ => return Label::Unclear,
        }
        if s.has(lead, Tag::PerDay) {
            return Label::PerDay;
        }
        if s.has(lead, Tag::PerMonth) {
            return Label::PerMonth;
        }
        if let Some(up) = growth {
            return Label::Growth(up);
        }
        if s.has(trail, Tag::Than) || s.has(lead, Tag::Than) {
            return Label::Before;
        }
        // 34件以自然人为主, 5件大多维持: not all of them.
        if window.end > self.at && s.has(trail, Tag::Partly) && state.topic != Topic::Elsewhere {
            return Label::Unclear;
        }
        match state.topic {
            Topic::Requests => self.of_requests(lead, window, state.sure),
            Topic::Disputes(blocks) => self.of_disputes(blocks, window),
            Topic::Document(rules) => self.of_documents(rules, state, lead, trail),
            Topic::Fee if s.unknown(lead) == 0 && !s.tags(window).any(|t| matches!(t, Tag::Row(_))) => {
                Label::FeeCount
            }
            Topic::Fee => Label::Unclear,
            Topic::Elsewhere => {
                let last = s.tags(window).rfind(|t| matches!(t, Tag::Receive | Tag::Answer | Tag::Rest));
                match last {
                    Some(Tag::Receive) => Label::ElsewhereIn,
                    Some(Tag::Answer) => Label::ElsewhereDone,
                    Some(Tag::Rest) => Label::Rest,
                    _ => Label::Unclear,
                }
            }
            // Without a subject only words that belong to requests alone are understood.
            Topic::None => match self.of_requests(lead, window, false) {
                label @ (Label::Groups(_) | Label::In(_) | Label::Out | Label::Rest) => label,
                // Ways in beside each other, where something is asked for.
                label @ Label::Channel(_)
                    if s.tags(&s.all()).any(|t| matches!(t, Tag::Request | Tag::Asked))
                        && s.tags(&s.all())
                            .any(|t| matches!(t, Tag::Channel(i) if Label::Channel(i) != label)) =>
                {
                    label
                }
                // Rows beside their group, applicants beside each other.
                label @ (Label::Row(..) | Label::Ongoing) if group_bits(s, &s.all()) != 0 => label,
                label @ (Label::Natural
                | Label::Organizations
                | Label::Companies
                | Label::Organization(_))
                    if s.has(&s.all(), Tag::Natural)
                        && s.tags(&s.all()).any(|t| {
                            matches!(t, Tag::Organizations | Tag::Companies | Tag::Organization(_))
                        }) =>
                {
                    label
                }
                _ => Label::Unclear,
            },
        }
    }

    /// 占全年收到申请101件的45.5%: the figure before is the whole.
    pub(super) fn of_last(&self, lead: &Range<usize>) -> bool {
        let s = self.sentence;
        self.number.unit == Unit::Percent
            && self.line.is(s.tokens[lead.start].from..self.number.from, "的")
            && lead
                .start
                .checked_sub(1)
                .is_some_and(|i| counted(&s.tokens[i]) && s.has(&s.lead(i), Tag::Share))
    }

    /// 予以公开占: whose share it is, if the words before it name groups or applicants.
    pub(super) fn share_of(&self, lead: &Range<usize>) -> Option<Label> {
        let s = self.sentence;
        let share = s.span(lead).iter().position(|t| t.tag() == Some(Tag::Share))?;
        let head = lead.start..lead.start + share;
        let plain = |t: Tag| {
            matches!(
                t,
                Tag::Group(_) | Tag::Natural | Tag::Organizations | Tag::Publish | Tag::Filler | Tag::Of
            )
        };
        if s.unknown(&head) > 0 && group_bits(s, &head) == 0 || !s.tags(&head).all(plain) {
            return None;
        }
        match (group_bits(s, &head), s.has(&head, Tag::Natural), s.has(&head, Tag::Organizations)) {
            (0, true, false) => Some(Label::Natural),
            (0, false, true) => Some(Label::Organizations),
            (bits, false, false) if bits != 0 => Some(Label::Groups(bits)),
            _ => None,
        }
    }

    /// 收到申请量同比增长: what the growth is said of, if the words before it name that and nothing else.
    pub(super) fn growth_of(&self, state: &State, lead: &Range<usize>) -> Option<Label> {
        let s = self.sentence;
        let than = s.span(lead).iter().position(|t| matches!(t.tag(), Some(Tag::Than | Tag::Up | Tag::Down)));
        // 由50件增至64件: named before 由.
        let than = than.or_else(|| (self.number.unit != Unit::Percent).then_some(lead.len()))?;
        self.named_by(state, lead.start..lead.start + than)
    }

    /// 申请量增至64件: what has reached the figure, named in its clause.
    pub(super) fn reached_by(&self, state: &State, before: &Range<usize>) -> Option<Label> {
        let s = self.sentence;
        let first = s.span(before).iter().position(|t| counted(t) || t.tag() == Some(Tag::Reach))?;
        self.named_by(state, before.start..before.start + first)
    }

    /// Requests or disputes, if these words name them and nothing else.
    fn named_by(&self, state: &State, head: Range<usize>) -> Option<Label> {
        let s = self.sentence;
        let has = |tag| s.has(&head, tag);
        let odd = s.tags(&head).any(|t| {
            matches!(
                t,
                Tag::Partly
                    | Tag::Elsewhere
                    | Tag::Rate
                    | Tag::PartOfYear
                    | Tag::LastYear
                    | Tag::Carry
                    | Tag::Group(_)
                    | Tag::Row(_)
                    | Tag::Natural
                    | Tag::Organizations
                    | Tag::Companies
                    | Tag::Organization(_)
                    | Tag::Channel(_)
                    | Tag::Outcome(_)
                    | Tag::Overturned
                    | Tag::Agent
                    | Tag::Publish
            )
        });
        if odd || s.unknown(&head) > 1 {
            return None;
        }
        match state.topic {
            Topic::Requests if has(Tag::Request) || has(Tag::Asked) || has(Tag::Answer) => {
                let (new, received) = (self.is_new(&head), has(Tag::Receive));
                let (handled, answered) = (has(Tag::Handle), has(Tag::Answer));
                Some(if new || received || handled || answered {
                    Label::Requests { new, received, handled, answered }
                } else {
                    Label::Subject
                })
            }
            Topic::Disputes(blocks) if has(Tag::Review) || has(Tag::Suit) => Some(Label::Disputes(blocks)),
            _ => None,
        }
    }

    fn of_requests(&self, lead: &Range<usize>, window: &Range<usize>, sure: bool) -> Label {
        let s = self.sentence;
        let has = |tag| s.has(window, tag);
        let answered = has(Tag::Answer) || has(Tag::Handle);
        // 结转 with a year before it comes in, with a year after it goes out.
        let carry = s.span(window).iter().position(|t| matches!(t.tag(), Some(Tag::Carry)));
        let turn = s.span(window).iter().position(|t| t.tag() == Some(Tag::Turn));
        if has(Tag::NextYear) && (carry.is_some() || turn.is_some()) {
            return Label::Out;
        }
        if has(Tag::LastYear) && (carry.is_some() || turn.is_some()) {
            return Label::In(answered);
        }
        if has(Tag::Ongoing) {
            return Label::Ongoing;
        }
        if carry.is_some() {
            return Label::Carry;
        }
        let groups = group_bits(s, window);
        let text = |range: &Range<usize>| match (s.tokens.get(range.start), s.span(range).last()) {
            (Some(first), Some(last)) => self.line.text(first.from..last.to),
            _ => String::new(),
        };
        let rows: Vec<&Token> =
            s.span(window).iter().filter(|t| matches!(t.tag(), Some(Tag::Row(_)))).collect();
        if let [row] = rows[..]
            && let Some(Tag::Row(i)) = row.tag()
            && !(groups != 0 && text(window).contains('等'))
        {
            let quoted = lexicon::is_label(i, &self.line.text(row.from..row.to));
            return Label::Row(i, quoted && groups == 0);
        }
        if groups != 0 {
            return Label::Groups(groups);
        }
        if !rows.is_empty() {
            return Label::Unclear;
        }
        let applicants: Vec<Label> = s
            .tags(window)
            .filter_map(|t| match t {
                Tag::Natural => Some(Label::Natural),
                Tag::Organizations => Some(Label::Organizations),
                Tag::Companies => Some(Label::Companies),
                Tag::Organization(i) => Some(Label::Organization(i)),
                _ => None,
            })
            .collect();
        if let [label] = applicants[..] {
            return label;
        }
        let channels: Vec<usize> =
            s.tags(window).filter_map(|t| if let Tag::Channel(i) = t { Some(i) } else { None }).collect();
        let several =
            s.span(window).iter().any(|t| t.item == Item::Mark('、')) || text(window).contains('等');
        if let Some(first) = channels.first()
            && channels.iter().all(|c| c == first)
            && !several
        {
            return Label::Channel(*first);
        }
        // 公开9件 beside 部分公开3件; never 公开信息9件.
        let publish = s.span(lead).last().is_some_and(|t| t.tag() == Some(Tag::Publish));
        if publish && group_bits(s, &s.all()) != 0 && !has(Tag::Receive) {
            return Label::Groups(1);
        }
        if has(Tag::Publish) && !has(Tag::Receive) && !has(Tag::Answer) {
            return Label::Unclear;
        }
        let (new, received, handled) = (self.is_new(window), has(Tag::Receive), has(Tag::Handle));
        let answered = has(Tag::Answer);
        let fits = self.number.unit != Unit::Loose
            || s.tags(window).any(|t| matches!(t, Tag::Request | Tag::Asked))
            || s.tags(&s.trail(self.at)).any(|t| matches!(t, Tag::Request | Tag::Asked));
        // 受理热线、政府信息公开申请等共3000件: more than requests.
        let verb = s
            .span(window)
            .iter()
            .position(|t| matches!(t.tag(), Some(Tag::Receive | Tag::Handle | Tag::Answer)));
        if verb.is_some_and(|v| s.has(&(window.start + v..window.end), Tag::Elsewhere)) {
            return Label::Unclear;
        }
        if (new || received || handled || answered) && fits {
            return Label::Requests { new, received, handled, answered };
        }
        match s.tags(window).next_back() {
            _ if has(Tag::Rest) => Label::Rest,
            Some(Tag::Request | Tag::Asked | Tag::Filler)
                if sure && has(Tag::Request) && self.number.unit != Unit::Loose =>
            {
                Label::Subject
            }
            _ => Label::Unclear,
        }
    }

    /// 新收; 本年收到.
    fn is_new(&self, window: &Range<usize>) -> bool {
        let s = self.sentence;
        let tokens = &s.span(window);
        let this_year = tokens.iter().any(|t| {
            t.tag() == Some(Tag::ThisYear) && self.line.text(t.from..t.to).starts_with(['本', '当'])
        });
        s.has(window, Tag::New) || (this_year && s.has(window, Tag::Receive))
    }

    fn of_disputes(&self, blocks: Blocks, window: &Range<usize>) -> Label {
        let s = self.sentence;
        let outcome = |t| match t {
            Tag::Outcome(i) => Some(i),
            Tag::Overturned => Some(1),
            _ => None,
        };
        let outcomes: Vec<usize> = s.tags(window).filter_map(outcome).collect();
        // 不服不予公开的复议, 上年结转的复议: some of them.
        if s.tags(window)
            .any(|t| matches!(t, Tag::Group(_) | Tag::Row(_) | Tag::Carry | Tag::Natural | Tag::Partly))
        {
            return Label::Unclear;
        }
        match outcomes[..] {
            [one, other] if one == other => return Label::Outcome(blocks, one),
            [one] => return Label::Outcome(blocks, one),
            [] => {}
            _ => return Label::Unclear,
        }
        let named = s.span(window).iter().rposition(|t| t.tag().is_some_and(is_subject));
        match named {
            // 行政复议决定书3件 are no cases.
            Some(i) if s.unknown(&(window.start + i + 1..window.end)) >= 2 => Label::Unclear,
            Some(i)
                if s.tags(&(window.start + i + 1..window.end))
                    .any(|t| matches!(t, Tag::Answer | Tag::Agent)) =>
            {
                Label::Unclear
            }
            Some(_) if self.number.unit == Unit::Loose => Label::Unclear,
            Some(_) => Label::Disputes(blocks),
            None if s.has(window, Tag::Rest) => Label::Rest,
            None => Label::Unclear,
        }
    }

    fn of_documents(&self, rules: bool, state: &State, lead: &Range<usize>, trail: &Range<usize>) -> Label {
        let s = self.sentence;
        let named = |t: Tag| matches!(t, Tag::Rules | Tag::Normative);
        let clause = s.clause(self.at).start..self.at;
        let first = !s.span(&clause).iter().any(counted);
        // 规章、规范性文件共160件 is neither row.
        if s.has(lead, Tag::Rules) && s.has(lead, Tag::Normative) {
            return Label::Unclear;
        }
        let said = self
            .act(lead)
            .or_else(|| self.act(trail))
            .or_else(|| if first { self.act(&clause) } else { None });
        // 公开规章6件，现行有效132件；规范性文件620件: the first thing done again.
        let again = match lead.start.checked_sub(1).map(|i| s.tokens[i].item) {
            Some(Item::Mark('；')) => state.first_act,
            Some(Item::Mark('，'))
                if said.is_none() && state.first_act != state.act && s.tags(lead).any(named) =>
            {
                return Label::Unclear;
            }
            _ => state.act,
        };
        let act = said.or(again).or_else(|| {
            s.span(&(0..self.at))
                .iter()
                .any(|t| self.line.is(t.from..t.to, "主动公开"))
                .then_some(Act::Publish)
        });
        if state.examined || s.has(trail, Tag::Examined) {
            return Label::Unclear;
        }
        if s.has(&clause, Tag::Agent) {
            return Label::Unclear;
        }
        let understood = s.tags(lead).any(named) || s.unknown(lead) == 0;
        match act {
            Some(act) if understood => Label::Document(rules, act),
            _ => Label::Unclear,
        }
    }

    /// What these words do with documents.
    fn act(&self, range: &Range<usize>) -> Option<Act> {
        let has = |tag| self.sentence.has(range, tag);
        match () {
            () if has(Tag::Repeal) => Some(Act::Repeal),
            () if has(Tag::InForce) => Some(Act::InForce),
            () if has(Tag::TotalPublic) => Some(Act::TotalPublic),
            () if has(Tag::New) && has(Tag::Publish) => Some(Act::PublishNew),
            () if has(Tag::Issue) || has(Tag::New) => Some(Act::Issue),
            () if has(Tag::Publish) => Some(Act::Publish),
            // 规章总数61件
            () if self.line.says(
                self.sentence.tokens.get(range.start).map_or(0, |t| t.from)..self.number.from,
                "总数",
            ) =>
            {
                Some(Act::TotalPublic)
            }
            () => None,
        }
    }
}
