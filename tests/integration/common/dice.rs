//! Random changes of bytes, the same for the same seed.

pub struct Dice(u64);

/// Numbers at which readers go wrong.
const NUMBERS: [u32; 10] = [0, 1, 0x7f, 0x80, 0xff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_fffe, 0xffff_ffff];

impl Dice {
    pub fn new(seed: u64) -> Self {
        let mut dice = Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x1234_5678);
        dice.roll(2);
        dice
    }

    pub fn roll(&mut self, below: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % below.max(1)
    }

    /// A place in a file of so many bytes, or somewhere behind it.
    pub fn place(&mut self, size: u64) -> u64 {
        let near = u64::try_from(self.roll(usize::try_from(size).unwrap() + 64)).unwrap();
        match self.roll(3) {
            0 | 1 => near,
            _ => near + (1 << self.roll(31)),
        }
    }

    /// One to four changes.
    pub fn change(&mut self, bytes: &mut Vec<u8>) {
        for _ in 0..=self.roll(4) {
            self.change_once(bytes);
        }
    }

    fn change_once(&mut self, bytes: &mut Vec<u8>) {
        let at = self.roll(bytes.len());
        let end = bytes.len().min(at + 1 + self.roll(24));
        match self.roll(8) {
            0 | 1 if !bytes.is_empty() => bytes[at] ^= 1 << self.roll(8),
            2 if !bytes.is_empty() => bytes[at] = u8::try_from(self.roll(256)).unwrap(),
            3 | 4 if at + 4 <= bytes.len() => {
                let number = NUMBERS[self.roll(NUMBERS.len())];
                bytes[at..at + 4].copy_from_slice(&number.to_be_bytes());
            }
            5 => drop(bytes.drain(at..end)),
            6 => {
                let piece = bytes[at..end].to_vec();
                let to = self.roll(bytes.len());
                bytes.splice(to..to, piece);
            }
            7 => bytes.truncate(at),
            _ => bytes.insert(at, b'\n'),
        }
    }
}
