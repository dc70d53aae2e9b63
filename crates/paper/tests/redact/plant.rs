//! Strings that must be found, and must be gone.

/// The sort of string a file is planted with.
#[derive(Debug, Clone, Copy)]
pub enum Sort {
    /// Eleven digits.
    Mobile,
    /// Eighteen digits.
    Identity,
    /// Three characters.
    Name,
    /// A name, a road and a number.
    Address,
}

/// Plants strings and remembers where.
pub struct Plants {
    sort: Sort,
    next: usize,
    pub planted: Vec<(String, String)>,
}

impl Plants {
    pub fn new(sort: Sort, first: usize) -> Plants {
        Plants { sort, next: first, planted: Vec::new() }
    }

    /// A new string, different from all others and no part of any.
    pub fn put(&mut self, place: &str) -> String {
        let n = self.next;
        self.next += 1;
        let text = match self.sort {
            Sort::Mobile => format!("1380{:03}{:04}", n * 7 % 1000, 1000 + n),
            Sort::Identity => format!("140581{:04}{:04}{:04}", 1900 + n % 90, 1010 + n % 19, 2000 + n),
            Sort::Name => name(n),
            Sort::Address => format!("{}住长平街{}号", name(n), 100 + n),
        };
        self.planted.push((place.to_owned(), text.clone()));
        text
    }

    /// Whether the strings can be written with ASCII alone.
    pub fn is_ascii(&self) -> bool {
        matches!(self.sort, Sort::Mobile | Sort::Identity)
    }
}

/// Invented: a surname and two characters that no template of a file contains.
fn name(n: usize) -> String {
    let pick = |list: &str, n: usize| list.chars().nth(n % list.chars().count()).unwrap();
    let given = "琪瑶璟璇瑾瑜琳珂玥珊";
    let second = "霖霏霁霄雯霞露霆震雷";
    let surname = "赵钱孙吴郑冯陈褚卫蒋沈韩杨朱秦尤许何吕施";
    [pick(surname, n), pick(given, n), pick(second, n / 10)].iter().collect()
}

/// Two pieces, as a program cuts a run.
pub fn halves(text: &str) -> (String, String) {
    let middle = text.chars().count() / 2;
    (text.chars().take(middle).collect(), text.chars().skip(middle).collect())
}

/// With a blank after every second character.
pub fn spaced(text: &str) -> String {
    let mut out = String::new();
    for (n, c) in text.chars().enumerate() {
        if n > 0 && n % 2 == 0 {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// In full-width digits.
pub fn wide(text: &str) -> String {
    text.chars()
        .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c })
        .collect()
}
