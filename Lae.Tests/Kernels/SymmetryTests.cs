using FsCheck;
using FsCheck.Fluent;
using Lae.Kernels;
using Lae.Numerics;
using Lae.Targets;
using Lae.Tests.Laws;
using MathNet.Numerics.LinearAlgebra;
using static Lae.Tests.Kernels.GaussianProblem;
using static Lae.Tests.Kernels.MappedTargets;

namespace Lae.Tests.Kernels;

/// <summary>
/// I-50 to I-55 of the overdamped kernels: a change of coordinates, of origin, of the energy's zero or of units changes a step as it changes the position, and an acceptance not at all. Targets are not
/// Gaussian, matching noise is put in by hand.
/// </summary>
public sealed class SymmetryTests
{
    private const int Points = 5;

    private static readonly Gen<Case> Cases =
        from target in Gen.Elements(SampleTargets.All)
        from logStep in Gen.Choose(-2500, -500)
        from hot in Gen.Elements(-1, 1)
        from logTemperature in Gen.Choose(100, 600)
        from seed in Gen.Choose(0, 1_000_000)
        select new Case(target, Math.Pow(10, logStep / 1000.0), Math.Pow(10, hot * logTemperature / 1000.0), seed);

    [Theory]
    [InlineData("ULA")]
    [InlineData("MALA")]
    [InlineData("Leimkuhler–Matthews")]
    [Proves("I-50", "ULA", "MALA", "Leimkuhler–Matthews")]
    public void I50_affine_maps_with_the_preconditioner_that_goes_along(string kernel) => Generated.ForAll(
        Cases, c => AssertAffine(kernel, c, Rotation(c.Dimension, c.Seed + 5) * Positive(c.Dimension, 0.4, 2.5, c.Seed + 6)), 60);

    [Fact]
    [Proves("I-50", "Barker")]
    public void I50_Barker_goes_along_with_triangular_maps_which_keep_its_directions() => Generated.ForAll(
        // the root of M P Mᵀ is M S then, so that each direction goes over into itself
        Cases, c => AssertAffine("Barker", c, Positive(c.Dimension, 0.4, 2.5, c.Seed + 6).Cholesky().Factor), 60);

    [Theory]
    [InlineData("ULA")]
    [InlineData("MALA")]
    [InlineData("Leimkuhler–Matthews")]
    [Proves("I-51", "ULA", "MALA", "Leimkuhler–Matthews")]
    public void I51_rotation(string kernel) => Generated.ForAll(
        Cases,
        c =>
        {
            Matrix<double> rotation = Rotation(c.Dimension, c.Seed + 5);
            AssertEquivariant(kernel, c, rotation, Settings(c), Settings(c), rotation, 1e-12);
        },
        60);

    [Fact]
    public void Barker_chooses_directions_along_axes_and_goes_along_with_reflections_only()
    {
        Generated.ForAll(
            Cases,
            c =>
            {
                Matrix<double> reflection = Matrix<double>.Build.DenseOfDiagonalArray([.. Enumerable.Range(0, c.Dimension).Select(i => i % 2 == 0 ? -1.0 : 1.0)]);
                AssertEquivariant("Barker", c, reflection, Settings(c), Settings(c), reflection, 1e-13);
            },
            60);
        Case one = new(SampleTargets.Quartic(3), 0.3, 1.5, 5);
        Matrix<double> rotation = Rotation(3, 1);
        OverdampedStep here = OverdampedStep.Of("Barker", one.Target, Settings(one), one.Position(), one.Noise());
        OverdampedStep there = OverdampedStep.Of("Barker", one.Target.Mapped(rotation), Settings(one), one.Position().Times(rotation), Mapped(one.Noise(), rotation));
        Assert.True((here.Position.Times(rotation) - there.Position).Abs().Flatten().Max(0).ToDouble() > 0.01);
    }

    [Theory]
    [InlineData("ULA")]
    [InlineData("MALA")]
    [InlineData("Leimkuhler–Matthews")]
    [InlineData("Barker")]
    [Proves("I-52", "ULA", "MALA", "Leimkuhler–Matthews", "Barker")]
    public void I52_permutation_of_coordinates(string kernel) => Generated.ForAll(
        Cases,
        c =>
        {
            Matrix<double> permutation = Matrix<double>.Build.Dense(c.Dimension, c.Dimension, (i, j) => j == (i + 1) % c.Dimension ? 1 : 0);
            AssertEquivariant(kernel, c, permutation, Settings(c), Settings(c), permutation, 1e-13, signs => signs.Times(permutation));
        },
        60);

    [Theory]
    [InlineData("ULA")]
    [InlineData("MALA")]
    [InlineData("Leimkuhler–Matthews")]
    [InlineData("Barker")]
    [Proves("I-52", "ULA", "MALA", "Leimkuhler–Matthews", "Barker")]
    public void I52_translation(string kernel) => Generated.ForAll(
        Cases,
        c =>
        {
            Tensor shift = Tensor.FromArray(Normals(c.Seed + 8, 1, c.Dimension).Row(0).ToArray());
            OverdampedStep here = OverdampedStep.Of(kernel, c.Target, Settings(c), c.Position(), c.Noise());
            OverdampedStep there = OverdampedStep.Of(kernel, c.Target.Translated(shift), Settings(c), c.Position() + shift, c.Noise());
            AssertSame(here.Position + shift, there.Position, 1e-11);
            AssertSameRatio(here, there, 1e-11);
        },
        60);

    [Theory]
    [InlineData("ULA")]
    [InlineData("MALA")]
    [InlineData("Leimkuhler–Matthews")]
    [InlineData("Barker")]
    [Proves("I-53", "ULA", "MALA", "Leimkuhler–Matthews", "Barker")]
    public void I53_a_constant_in_the_energy_changes_nothing(string kernel) => Generated.ForAll(
        Cases,
        c =>
        {
            OverdampedStep here = OverdampedStep.Of(kernel, c.Target, Settings(c), c.Position(), c.Noise());
            OverdampedStep there = OverdampedStep.Of(kernel, c.Target.Raised(3.25), Settings(c), c.Position(), c.Noise());
            Assert.Equal(here.Position.ToArray(), there.Position.ToArray());
            AssertSameRatio(here, there, 1e-12 * (1 + (1 / c.Temperature)));
        },
        60);

    [Theory]
    [InlineData("ULA")]
    [InlineData("MALA")]
    [InlineData("Leimkuhler–Matthews")]
    [InlineData("Barker")]
    [Proves("I-4", "ULA", "Leimkuhler–Matthews")]
    [Proves("I-54", "ULA", "MALA", "Leimkuhler–Matthews", "Barker")]
    public void I54_only_U_over_T_and_h_times_T_count(string kernel) => Generated.ForAll(
        Cases,
        c =>
        {
            OverdampedStep here = OverdampedStep.Of(kernel, c.Target, Settings(c), c.Position(), c.Noise());
            OverdampedStep there = OverdampedStep.Of(kernel, c.Target.Tempered(c.Temperature), new LangevinSettings(c.StepSize * c.Temperature), c.Position(), c.Noise());
            AssertSame(here.Position, there.Position, 1e-12);
            AssertSameRatio(here, there, 1e-12);
        },
        60);

    [Theory]
    [InlineData("ULA")]
    [InlineData("Leimkuhler–Matthews")]
    [Proves("I-55", "ULA", "Leimkuhler–Matthews")]
    public void I55_a_block_of_a_product_target_ignores_the_others_bit_for_bit(string kernel) => Generated.ForAll(
        Cases,
        c =>
        {
            Target other = SampleTargets.Quartic(2);
            Target product = Product(c.Target, other);
            Matrix<double> p = Positive(c.Dimension, 0.5, 2, c.Seed + 7);
            Matrix<double> blocks = p.DiagonalStack(Positive(2, 0.5, 2, c.Seed + 8));
            LangevinSettings settings = Settings(c, Preconditioner.Dense(ToTensor(blocks)));
            OverdampedNoise noise = c.Noise();
            Tensor alone = OverdampedStep.Of(kernel, c.Target, Settings(c, Preconditioner.Dense(ToTensor(p))), c.Position(), noise).Position;
            for (int seed = 20; seed < 22; seed++)
            {
                Tensor elsewhere = GaussianProblem.Noise(c.Seed + seed, Points, 2);
                OverdampedNoise wide = noise with { Xi = Shaping.Join(1, [noise.Xi, elsewhere * 2]), Carried = Shaping.Join(1, [noise.Carried, -elsewhere]) };
                Tensor next = OverdampedStep.Of(kernel, product, settings, Shaping.Join(1, [c.Position(), elsewhere]), wide).Position;
                Assert.Equal(alone.ToArray(), next.Slice(1, 0, c.Dimension).ToArray());
            }
        },
        30);

    [Fact]
    public void A_preconditioner_applied_in_place_of_its_root_breaks_the_affine_symmetry()
    {
        // the planted bug: noise shaped by P for P^(1/2), which only the identity forgives
        Case c = new(SampleTargets.Quartic(3), 0.1, 2, 5);
        Matrix<double> m = Rotation(3, 1) * Positive(3, 0.4, 2.5, 2);
        Matrix<double> image = m * m.Transpose();
        Matrix<double> noise = image.Cholesky().Factor.Solve(m);
        LangevinSettings settings = new(0.1, 2, Preconditioner.Dense(ToTensor(0.5 * (image + image.Transpose()))));
        Kernel<LangevinState> wrong = Mutants.LangevinMutants.Unadjusted(c.Target.Mapped(m), settings, Mutants.LangevinMutants.UnadjustedBug.RootForgotten);
        Tensor here = UnadjustedLangevinTests.StepWith(UnadjustedLangevin.Create(c.Target, Settings(c)), c.Position(), c.Noise().Xi);
        Tensor there = UnadjustedLangevinTests.StepWith(wrong, c.Position().Times(m), c.Noise().Xi.Times(noise));
        Assert.True((here.Times(m) - there).Abs().Flatten().Max(0).ToDouble() > 0.01);
    }

    private static LangevinSettings Settings(Case c, Preconditioner? preconditioner = null) => new(c.StepSize, c.Temperature, preconditioner);

    private static void AssertAffine(string kernel, Case c, Matrix<double> m)
    {
        Matrix<double> p = Positive(c.Dimension, 0.5, 2, c.Seed + 7);
        Matrix<double> image = m * p * m.Transpose();
        image = 0.5 * (image + image.Transpose());
        // the noise for which both kernels make the same displacement: S' ξ' = M S ξ
        Matrix<double> noise = image.Cholesky().Factor.Solve(m * p.Cholesky().Factor);
        AssertEquivariant(kernel, c, m, Settings(c, Preconditioner.Dense(ToTensor(p))), Settings(c, Preconditioner.Dense(ToTensor(image))), noise, 1e-11);
    }

    private static void AssertEquivariant(
        string kernel, Case c, Matrix<double> m, LangevinSettings here, LangevinSettings there, Matrix<double> noise, double tolerance, Func<Tensor, Tensor>? signs = null)
    {
        OverdampedNoise mapped = Mapped(c.Noise(), noise);
        mapped = signs is null ? mapped : mapped with { Signs = signs(mapped.Signs) };
        OverdampedStep a = OverdampedStep.Of(kernel, c.Target, here, c.Position(), c.Noise());
        OverdampedStep b = OverdampedStep.Of(kernel, c.Target.Mapped(m), there, c.Position().Times(m), mapped);
        AssertSame(a.Position.Times(m), b.Position, tolerance);
        AssertSameRatio(a, b, tolerance);
    }

    private static OverdampedNoise Mapped(OverdampedNoise noise, Matrix<double> m) => noise with { Xi = noise.Xi.Times(m), Carried = noise.Carried.Times(m) };

    private static void AssertSameRatio(OverdampedStep a, OverdampedStep b, double tolerance)
    {
        Assert.Equal(a.EnergyError is null, b.EnergyError is null);
        if (a.EnergyError is not null)
        {
            AssertSame(a.EnergyError, b.EnergyError!, tolerance);
        }
    }

    private sealed record Case(Target Target, double StepSize, double Temperature, int Seed)
    {
        public int Dimension => Target.Dimension;

        public Tensor Position() => GaussianProblem.Noise(Seed, Points, Dimension);

        /// <summary>Half of the chains accept whatever comes, the others by an ordinary number; directions are taken and flipped.</summary>
        public OverdampedNoise Noise() => new(
            GaussianProblem.Noise(Seed + 1, Points, Dimension),
            GaussianProblem.Noise(Seed + 2, Points, Dimension),
            Tensor.FromArray([.. Enumerable.Range(0, Points * Dimension).Select(i => 0.07 + (0.86 * (i * 0.618 % 1)))], Points, Dimension),
            Tensor.FromArray([.. Enumerable.Range(0, Points).Select(i => i % 2 == 0 ? 0 : 0.4321)]));

        public override string ToString() => $"{Target.Name}, h = {StepSize:R}, T = {Temperature:R}, seed {Seed}";
    }
}
