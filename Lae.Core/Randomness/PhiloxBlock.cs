namespace Lae.Randomness;

/// <summary>Four words of 32 bits: a Philox counter, or the block of random bits that it maps to.</summary>
/// <param name="Word0">The lowest word.</param>
/// <param name="Word1">The second word.</param>
/// <param name="Word2">The third word.</param>
/// <param name="Word3">The highest word.</param>
public readonly record struct PhiloxBlock(uint Word0, uint Word1, uint Word2, uint Word3);
