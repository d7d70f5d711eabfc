using Lae.Kernels;
using Lae.Laws;
using Lae.Numerics;
using Lae.Randomness;
using Lae.Targets;
using Lae.Tests.Laws;

namespace Lae.Tests.Kernels;

/// <summary>What a word says: how long each substep is, where a gradient is known, what a step costs.</summary>
public sealed class SplittingWordTests
{
    [Theory]
    [InlineData("BAOAB", true, 1)]
    [InlineData("OBABO", true, 1)]
    [InlineData("BAOA", true, 1)]
    [InlineData("ABOBA", false, 1)]
    [InlineData("OABAO", false, 1)]
    [InlineData("AB", true, 1)]
    [InlineData("BA", true, 1)]
    [InlineData("BAB", true, 1)]
    [InlineData("ABA", false, 1)]
    [InlineData("OBBAO", true, 1)]
    [InlineData("ABOB", true, 1)]
    [InlineData("ABABA", false, 2)]
    [InlineData("BABAB", true, 2)]
    [InlineData("BOAOBOAOB", true, 2)]
    [InlineData("AABOBAO", false, 1)]
    [Proves("R-8", "BAOAB", "ABOBA", "OBABO", "OABAO", "BAOA")]
    public void R8_kicks_at_one_position_share_one_gradient(string letters, bool kicksAtEnd, int gradients)
    {
        SplittingWord word = SplittingWord.Parse(letters);
        Assert.Equal((kicksAtEnd, gradients), (word.KicksAtEnd, word.GradientCount));
        RunnerLaws.GradientCount(
            target => Splitting.Create(target, letters, new UnderdampedSettings(0.1, 1.3, 1.6)), SampleTargets.Quartic(3), GaussianProblem.Noise(1, 3, 3), RandomKey.FromSeed(1), gradients).Require();
    }

    [Theory]
    [InlineData("")]
    [InlineData("A")]
    [InlineData("BOB")]
    [InlineData("OAO")]
    [InlineData("baoab")]
    [InlineData("BAXAB")]
    [InlineData("BA OAB")]
    public void A_word_has_an_A_and_a_B_and_no_other_letter_than_O(string letters)
    {
        ArgumentException error = Assert.Throws<ArgumentException>(() => Splitting.Create(GaussianTarget.Standard(2), letters, new UnderdampedSettings(0.1)));
        Assert.Contains($"'{letters}'", error.Message, StringComparison.Ordinal);
        Assert.Contains("A (drift), B (kick) and O (friction and noise)", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_kernel_is_named_by_its_word_and_has_a_noise_leaf_for_each_O()
    {
        Kernel<UnderdampedState> kernel = Splitting.Create(GaussianTarget.Standard(2), "OBABO", new UnderdampedSettings(0.1));
        Assert.Equal("OBABO", kernel.Name);
        Noise noise = kernel.DrawNoise(new NoiseSource(RandomKey.FromSeed(1), 0, Chains.Range(3), Workspace.Default));
        Assert.Equal(["xi0", "xi1"], noise.Leaves.Names);
        Assert.NotEqual(noise[0].ToArray(), noise[1].ToArray());
    }

    [Fact]
    public void A_word_may_be_longer_than_any_in_use()
    {
        string letters = "BA" + new string('O', 70);
        Kernel<UnderdampedState> kernel = Splitting.Create(GaussianTarget.Standard(1), letters, new UnderdampedSettings(0.1));
        Assert.Equal(70, kernel.DrawNoise(new NoiseSource(RandomKey.FromSeed(1), 0, Chains.Range(1), Workspace.Default)).Leaves.Count);
    }
}
